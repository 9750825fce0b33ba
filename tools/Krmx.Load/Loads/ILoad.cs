using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>Messages on their way, in one manner or another.</summary>
internal interface ILoad
{
    /// <summary>How long messages took.</summary>
    Latencies Latencies { get; }

    /// <summary>Counts what came to a client, and for how long it was on its way.</summary>
    void Handle(LoadClient client, ReadOnlySpan<byte> text);

    /// <summary>Sends, from now on.</summary>
    /// <param name="clients">All clients, which are ready.</param>
    /// <param name="stop">Ends the sending, where it does not go on by what comes back.</param>
    /// <returns>Completes when no more is sent by itself.</returns>
    Task RunAsync(IReadOnlyList<LoadClient> clients, CancellationToken stop);
}
