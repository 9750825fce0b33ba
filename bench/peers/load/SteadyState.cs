using Krmx.Load;

namespace Krmx.PeersBench;

/// <summary>
/// Lets a load run until the server has become as fast as it will. .NET counts calls in instrumented code for about half a minute before most of
/// it is compiled for good, so a shorter warm-up measures code that no server runs for long.
/// </summary>
internal static class SteadyState
{
    /// <summary>How long the server is looked at for each figure.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    /// <summary>As long as the last three looks together are better than the three before by no more than this, it stands.</summary>
    private const double Gain = 0.02;
    private const int Looks = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <param name="fleet">The clients; the load runs already.</param>
    /// <param name="server">The server's process.</param>
    /// <param name="atLeast">How long to wait in any case.</param>
    /// <returns>The deliveries for each second of the server's processor time, look by look.</returns>
    public static async Task<IReadOnlyList<double>> WaitAsync(Fleet fleet, ProcessProbe server, TimeSpan atLeast)
    {
        var figures = new List<double>();
        while (figures.Count * Look < Limit)
        {
            (long count, double cpu) = (fleet.Count, server.CpuSeconds);
            await fleet.WaitAsync(Task.Delay(Look));
            figures.Add((fleet.Count - count) / (server.CpuSeconds - cpu));
            if (figures.Count * Look >= atLeast && figures.Count >= 2 * Looks
                && figures[^Looks..].Average() <= (1 + Gain) * figures[^(2 * Looks)..^Looks].Average())
                break;
        }
        return figures;
    }
}
