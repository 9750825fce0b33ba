namespace Krmx.Storage;

/// <summary>What a store with tables has of a room when a commit comes.</summary>
internal readonly record struct CommittedRoom(long Id, long Epoch, long LastTurnBeforeEpoch, long LastTurn, long? SnapshotNumber, long SnapshotBytes);

/// <summary>What becomes of a commit.</summary>
internal enum CommitFate
{
    Stored,
    Fenced,
    Repeated,
    Refused,
}

/// <summary>What a store with tables does for a commit: the contract's rules, worked out from what is stored.</summary>
internal readonly struct CommitPlan
{
    private CommitPlan(RoomCommit commit, CommittedRoom? room)
    {
        Room = room.GetValueOrDefault();
        Fate = FateOf(commit, room);
        if (Fate == CommitFate.Stored && commit.Snapshot is StoredTurn snapshot && !(snapshot.Number < Room.SnapshotNumber))
            (TakesSnapshot, DroppedTo) = (true, commit.KeepsHistory ? 0 : snapshot.Number);
    }

    public CommitFate Fate { get; }

    public CommittedRoom Room { get; }

    public bool TakesSnapshot { get; }

    /// <summary>The number up to which no turns stay, those of the commit neither; 0 where all do.</summary>
    public long DroppedTo { get; }

    /// <summary>Refuses a list in which a room has two commits, and rooms that no store keeps.</summary>
    public static void Check(IReadOnlyList<RoomCommit> commits)
    {
        ArgumentNullException.ThrowIfNull(commits);
        var rooms = new HashSet<RoomKey>(commits.Count);
        foreach (RoomCommit commit in commits)
        {
            commit.Room.EnsureStorable();
            if (!rooms.Add(commit.Room))
                throw new ArgumentException($"There are two commits for the room '{commit.Room}'.", nameof(commits));
        }
    }

    /// <param name="commit">What is to be stored.</param>
    /// <param name="room">What is stored; null where there is no such room.</param>
    public static CommitPlan For(RoomCommit commit, CommittedRoom? room) => new(commit, room);

    /// <summary>What is told of a commit that is refused.</summary>
    public InvalidOperationException Refusal(RoomCommit commit)
    {
        string turns = commit.Turns.Count == 0 ? "no turns" : $"turns {commit.Turns[0].Number} to {commit.Turns[^1].Number}";
        string snapshot = commit.Snapshot is StoredTurn taken ? $", and a snapshot of turn {taken.Number}," : "";
        return new($"A commit with {turns}{snapshot} does not follow on turn {Room.LastTurn}, the last one that is stored of the room '{commit.Room}'.");
    }

    /// <summary>How many bytes more the room has afterwards.</summary>
    /// <param name="commit">What is stored.</param>
    /// <param name="droppedBytes">How many the turns had that were deleted.</param>
    public long AddedBytes(RoomCommit commit, long droppedBytes)
    {
        long bytes = -droppedBytes;
        foreach (StoredTurn turn in commit.Turns)
            bytes += turn.Number > DroppedTo ? turn.Bytes.Length : 0;
        return TakesSnapshot ? bytes + commit.Snapshot!.Value.Bytes.Length - Room.SnapshotBytes : bytes;
    }

    private static CommitFate FateOf(RoomCommit commit, CommittedRoom? stored)
    {
        if (stored is not CommittedRoom room || room.Epoch != commit.Epoch)
            return CommitFate.Fenced;
        IReadOnlyList<StoredTurn> turns = commit.Turns;
        for (int i = 1; i < turns.Count; i++)
        {
            if (turns[i].Number != turns[0].Number + i)
                return CommitFate.Refused;
        }
        if (turns.Count > 0 && turns[0].Number > room.LastTurnBeforeEpoch && turns[^1].Number <= room.LastTurn)
            return CommitFate.Repeated;
        bool follows = turns.Count == 0 || turns[0].Number == room.LastTurn + 1;
        bool wasReached = commit.Snapshot is not StoredTurn snapshot || (snapshot.Number >= 0 && snapshot.Number <= room.LastTurn + turns.Count);
        return follows && wasReached ? CommitFate.Stored : CommitFate.Refused;
    }
}
