namespace Krmx.Limits;

/// <summary>How many connections an endpoint has, and how many of them are unlinked. Safe from any thread.</summary>
internal sealed class EndpointLoad
{
    private readonly KrmxOptions _options;

    // The same for all rooms: with its own, each would be 200 bytes larger.
    private readonly Action<KrmxUser> _onLink;
    private readonly Action<KrmxUser, UnlinkReason> _onUnlink;
    private int _connections;
    private int _unlinked;

    public EndpointLoad(KrmxOptions options)
    {
        _options = options;
        _onLink = _ => Interlocked.Decrement(ref _unlinked);
        _onUnlink = (_, _) => Interlocked.Increment(ref _unlinked);
    }

    /// <summary>Counts what links and unlinks in a room; to be called before the application listens.</summary>
    public void Watch(KrmxRoom room)
    {
        room.OnLink(_onLink);
        room.OnUnlink(_onUnlink);
    }

    /// <summary>Counts a connection in, where there is room for it.</summary>
    /// <returns>Null where it was counted; else why it was not.</returns>
    public RefusalReason? TryEnter()
    {
        if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            return RefusalReason.TooManyConnections;
        }
        if (Interlocked.Increment(ref _unlinked) > _options.MaxUnlinkedConnections)
        {
            Leave();
            return RefusalReason.TooManyUnlinkedConnections;
        }
        return null;
    }

    /// <summary>Counts a connection out that no room has been told of.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _unlinked);
        Interlocked.Decrement(ref _connections);
    }

    /// <summary>Counts a connection out when its room has unlinked its user, so that the count is never too low.</summary>
    public void Leave(KrmxRoom room) => room.Post(Leave);
}
