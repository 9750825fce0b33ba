using System.Diagnostics;
using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>Many users link at once; it is over when each of them has seen all of them linked.</summary>
internal sealed class LinkStorm
{
    private readonly int _users;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public LinkStorm(int users) => _users = _waiting = users;

    /// <summary>Counts the users a client has seen.</summary>
    public void Handle(LoadClient client, ReadOnlySpan<byte> text)
    {
        if (!KrmxWire.IsLinked(text) || ++client.Count != _users)
            return;
        if (Interlocked.Decrement(ref _waiting) == 0)
            _over.TrySetResult();
    }

    /// <summary>Lets all link, the clients being connected.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> RunAsync(Fleet fleet)
    {
        long began = Stopwatch.GetTimestamp();
        foreach (LoadClient client in fleet.Clients)
            client.SayHello();
        await fleet.WaitAsync(_over.Task).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(began);
    }
}
