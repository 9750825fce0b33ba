namespace Krmx.Connections;

/// <summary>Watches over one connection: pings the silent, and finds those that stay silent or do not finish closing (protocol section 7).</summary>
/// <remarks>Belongs to the endpoint's heartbeat; but <see cref="CloseBegan"/> comes from any thread.</remarks>
internal sealed class ConnectionLiveness(ConnectionStream stream, TimeProvider time)
{
    private long _closingSince;
    private int _unansweredPings;
    private int _piecesTaken;
    private long _lastTaken;

    /// <summary>The connection is being closed, and has a time to answer.</summary>
    public void CloseBegan() => Interlocked.CompareExchange(ref _closingSince, Math.Max(1, time.GetTimestamp()), 0);

    /// <summary>Looks after the connection.</summary>
    /// <param name="options">The times.</param>
    /// <param name="patience">
    /// How many pings a dead connection has left unanswered: time alone proves nothing, as it may be this process that stood still.
    /// </param>
    /// <returns>Why the connection is to be ended; null while it is alive.</returns>
    public UnlinkReason? Check(KrmxOptions options, int patience)
    {
        long closingSince = Volatile.Read(ref _closingSince);
        if (closingSince != 0)
            return time.GetElapsedTime(closingSince) >= options.CloseTimeout ? UnlinkReason.ConnectionClosed : null;
        if (options.PingInterval == TimeSpan.Zero)
            return null;
        TimeSpan silence = Silence();
        if (silence < options.PingInterval)
        {
            _unansweredPings = 0;
            return null;
        }
        if (_unansweredPings >= patience && silence >= options.PingInterval + options.PingTimeout)
            return UnlinkReason.TimedOut;
        if (!stream.Output.TryAppendPing())
            return UnlinkReason.TooSlow;
        _unansweredPings++;
        stream.Output.Flush();
        return null;
    }

    /// <summary>How long ago the peer sent anything, or took a piece of a picture: what is behind that, a ping say, it cannot have read yet.</summary>
    private TimeSpan Silence()
    {
        int taken = stream.Output.PiecesTaken;
        if (taken != _piecesTaken)
            (_piecesTaken, _lastTaken) = (taken, time.GetTimestamp());
        TimeSpan silence = stream.Silence;
        return taken > 0 && time.GetElapsedTime(_lastTaken) is var sinceTaken && sinceTaken < silence ? sinceTaken : silence;
    }
}
