namespace Krmx.Simulation.EndToEnd;

/// <summary>What a store keeps of the room, and what is on its way there: commits land in order, and whether one has landed is known later, or never.</summary>
internal sealed class Disk
{
    private readonly Queue<Commit> _underWay = new();
    private ReadOnlyMemory<byte>? _snapshot;
    private List<ReadOnlyMemory<byte>> _turns = [];

    /// <summary>The number of the last turn that is on the disk.</summary>
    public long Landed { get; private set; }

    /// <summary>How many commits are on their way.</summary>
    public int UnderWay => _underWay.Count;

    /// <summary>What a room is made from.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Content => _snapshot is ReadOnlyMemory<byte> snapshot ? [snapshot, .. _turns] : [.. _turns];

    public void Write(long number, ReadOnlyMemory<byte> turn, ReadOnlyMemory<byte>? snapshot) => _underWay.Enqueue(new Commit(number, turn, snapshot));

    /// <summary>The next commit lands, all of it.</summary>
    public bool TryLand()
    {
        if (!_underWay.TryDequeue(out Commit commit))
            return false;
        Landed = commit.Number;
        if (commit.Snapshot is not null)
            (_snapshot, _turns) = (commit.Snapshot, []);
        else
            _turns.Add(commit.Turn);
        return true;
    }

    /// <summary>The process is gone, or its epoch is over: what has not landed never will.</summary>
    public void Fence() => _underWay.Clear();

    private readonly record struct Commit(long Number, ReadOnlyMemory<byte> Turn, ReadOnlyMemory<byte>? Snapshot);
}
