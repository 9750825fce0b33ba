namespace Krmx.Connections;

/// <summary>Watches over one connection: pings the silent, and finds those that stay silent or do not finish closing (protocol section 7).</summary>
/// <remarks>Belongs to the endpoint's heartbeat; but <see cref="CloseBegan"/> comes from any thread.</remarks>
internal sealed class ConnectionLiveness(ConnectionStream stream, KrmxOptions options, TimeProvider time)
{
    private long _closingSince;
    private int _unansweredPings;
    private int _piecesTaken;
    private long _lastTaken;

    /// <summary>The connection is being closed, and has a time to answer.</summary>
    public void CloseBegan() => Interlocked.CompareExchange(ref _closingSince, Math.Max(1, time.GetTimestamp()), 0);

    /// <summary>Looks after the connection.</summary>
    /// <param name="patience">
    /// How many pings a dead connection has left unanswered: time alone proves nothing, as it may be this process that stood still.
    /// </param>
    /// <returns>Why the connection is to be ended; null while it is alive.</returns>
    public UnlinkReason? Check(int patience)
    {
        long closingSince = Volatile.Read(ref _closingSince);
        if (closingSince != 0)
            return time.GetElapsedTime(closingSince) >= options.Rooms.CloseTimeout ? UnlinkReason.ConnectionClosed : null;
        if (options.Pings.Interval == TimeSpan.Zero)
            return null;
        TimeSpan silence = Silence();
        if (silence < options.Pings.Interval)
        {
            _unansweredPings = 0;
            return null;
        }
        if (_unansweredPings >= patience && silence >= options.Pings.Interval + options.Pings.Timeout)
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
