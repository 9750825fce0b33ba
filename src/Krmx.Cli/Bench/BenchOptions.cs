namespace Krmx.Cli.Bench;

/// <summary>What the load is; the command's options say more.</summary>
internal sealed record BenchOptions(
    Uri Uri,
    int Clients,
    int Senders,
    int Window,
    int? Rate,
    int MessageLength,
    TimeSpan WarmUp,
    TimeSpan Duration,
    int Ramp,
    int? Process,
    TimeSpan Patience)
{
    /// <summary>Whether the clients have sessions.</summary>
    public bool Resumes { get; init; }

    /// <summary>After what time each client's connection is cut again; null where none is cut.</summary>
    public TimeSpan? CutPeriod { get; init; }
}
