using System.Collections;
using System.Diagnostics;
using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>Many users link at once; it is over when each of them has seen all of them linked.</summary>
internal sealed class LinkStorm
{
    private readonly KrmxWire _wire;
    private readonly BitArray[] _seen;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <param name="wire">How the clients link.</param>
    /// <param name="users">How many.</param>
    public LinkStorm(KrmxWire wire, int users)
    {
        _wire = wire;
        _seen = [.. Enumerable.Range(0, users).Select(_ => new BitArray(users))];
        _waiting = users;
    }

    /// <summary>How many frames came to all clients together.</summary>
    public long Frames { get; private set; }

    /// <summary>Counts the users a client has seen linked.</summary>
    public void Handle(LoadClient client, ReadOnlySpan<byte> text)
    {
        Frames++;
        int more = _wire.NoteLinked(text, _seen[client.Number]);
        client.Count += more;
        if (more == 0 || client.Count < _seen.Length)
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
