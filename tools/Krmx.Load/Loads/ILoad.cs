using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>Messages on their way, in one manner or another.</summary>
internal interface ILoad
{
    /// <summary>How long messages took.</summary>
    Latencies Latencies { get; }

    /// <summary>Counts what came to a client, and for how long it was on its way.</summary>
    void Handle(LoadClient client, ReadOnlySpan<byte> text);

    /// <summary>Sends, from now on; again once it was stopped and what was under way has arrived.</summary>
    /// <param name="clients">All clients, which are ready.</param>
    /// <param name="stop">Ends the sending.</param>
    /// <returns>Completes when no more is sent by itself; what comes back may be answered until it is stopped.</returns>
    Task RunAsync(IReadOnlyList<LoadClient> clients, CancellationToken stop);
}
