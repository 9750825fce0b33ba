namespace Krmx.Limits;

/// <summary>How many connections an endpoint has, and how many of them are unlinked. Safe from any thread.</summary>
internal sealed class EndpointLoad(KrmxConnectionOptions options)
{
    private int _connections;
    private int _unlinked;

    /// <summary>Counts a connection in, where there is room for it; it is unlinked at first.</summary>
    /// <returns>Null where it was counted; else why it was not.</returns>
    public RefusalReason? TryEnter()
    {
        if (Interlocked.Increment(ref _connections) > options.Max)
        {
            Interlocked.Decrement(ref _connections);
            return RefusalReason.TooManyConnections;
        }
        if (Interlocked.Increment(ref _unlinked) > options.MaxUnlinked)
        {
            Leave(isSeated: false);
            return RefusalReason.TooManyUnlinkedConnections;
        }
        return null;
    }

    /// <summary>A connection has been linked.</summary>
    public void Linked() => Interlocked.Decrement(ref _unlinked);

    /// <summary>A connection is not linked any more.</summary>
    public void Unlinked() => Interlocked.Increment(ref _unlinked);

    /// <summary>Counts a connection out.</summary>
    /// <param name="isSeated">Whether it counts as linked.</param>
    public void Leave(bool isSeated)
    {
        if (!isSeated)
            Interlocked.Decrement(ref _unlinked);
        Interlocked.Decrement(ref _connections);
    }
}
