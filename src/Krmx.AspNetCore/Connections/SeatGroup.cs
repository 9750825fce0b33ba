namespace Krmx.Connections;

/// <summary>Connections that are sent the same: their seats, and the frames that a turn shares among them.</summary>
/// <remarks>Belongs to the room's turns.</remarks>
internal sealed class SeatGroup
{
    /// <summary>From how many connections on a flush is worth the other cores' while: some milliseconds of system calls.</summary>
    private const int Large = 512;

    private readonly List<ConnectionOutput> _seated = [];

    /// <summary>Those who are seated.</summary>
    public IReadOnlyList<ConnectionOutput> Seated => _seated;

    /// <summary>What the turn shares among them.</summary>
    public SharedFrames Shared { get; } = new();

    /// <summary>A connection is sent, from now on, what is shared here.</summary>
    public void Sit(ConnectionOutput comer)
    {
        comer.Group = this;
        comer.Seat = _seated.Count;
        comer.StretchStart = Shared.Bytes.Length;
        _seated.Add(comer);
    }

    /// <summary>Takes a connection's seat, which the last one gets.</summary>
    public void Stand(ConnectionOutput leaver)
    {
        ConnectionOutput last = _seated[^1];
        _seated[leaver.Seat] = last;
        last.Seat = leaver.Seat;
        _seated.RemoveAt(_seated.Count - 1);
        leaver.Group = null;
    }

    /// <summary>Writing is most of what a turn costs, so a large room does it on all cores; the turn waits, and takes part.</summary>
    public void Flush()
    {
        if (Shared.Bytes.IsEmpty)
            return;
        if (_seated.Count < Large || Environment.ProcessorCount == 1)
        {
            foreach (ConnectionOutput output in _seated)
                output.Flush(Shared);
        }
        else
        {
            Parallel.For(0, _seated.Count, index => _seated[index].Flush(Shared));
        }
    }
}
