using System.Text;
using Krmx.Storage;

namespace Krmx.Testing;

/// <summary>A store in memory: for tests of rooms that close and open again, and what other stores are compared with.</summary>
/// <remarks>It outlives rooms and servers that are given it, and ends with the process.</remarks>
public sealed class MemoryRoomStore : IRoomStore
{
    private static readonly Comparer<string> ByBytes = Comparer<string>.Create(CompareBytes);

    private readonly Lock _gate = new();
    private readonly Dictionary<RoomKey, Room> _rooms = [];
    private long _lastEpoch;

    /// <inheritdoc/>
    public Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        lock (_gate)
        {
            if (!_rooms.TryGetValue(room, out Room? stored))
                _rooms.Add(room, stored = new Room { LastStored = now });
            stored.Epoch = ++_lastEpoch;
            stored.LastTurnBeforeEpoch = stored.LastTurn;
            stored.IsAtRest = false;
            long after = stored.Snapshot?.Number ?? 0;
            return Task.FromResult(new StoredRoom
            {
                Epoch = stored.Epoch,
                LastTurn = stored.LastTurn,
                Snapshot = stored.Snapshot,
                Turns = [.. stored.Turns.Where(turn => turn.Number > after)],
            });
        }
    }

    /// <inheritdoc/>
    public Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commits);
        foreach (RoomCommit commit in commits)
            commit.Room.EnsureStorable();
        if (commits.Select(static commit => commit.Room).Distinct().Count() < commits.Count)
            throw new ArgumentException("There are two commits for one room.", nameof(commits));
        List<string> failures = [];
        lock (_gate)
        {
            foreach (RoomCommit commit in commits)
            {
                _rooms.TryGetValue(commit.Room, out Room? room);
                commit.IsFenced = room is null || room.Epoch != commit.Epoch;
                if (commit.IsFenced || room!.HasStored(commit))
                    continue;
                if (room.CanStore(commit))
                    room.Store(commit);
                else
                    failures.Add($"The commit for the room '{commit.Room}' does not follow on its turn {room.LastTurn}, the last one that is stored.");
            }
        }
        return failures.Count == 0 ? Task.CompletedTask : Task.FromException(new InvalidOperationException(failures[0]));
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        lock (_gate)
            return Task.FromResult(_rooms.TryGetValue(room, out Room? stored) && stored.Epoch == (epoch ?? stored.Epoch) && _rooms.Remove(room));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default)
    {
        new RoomKey(route, after ?? "").EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<RoomSummary>>([
                .. Of(route).Where(room => after is null || CompareBytes(room.Key.Name, after) > 0)
                    .OrderBy(static room => room.Key.Name, ByBytes)
                    .Take(count)
                    .Select(static room => room.Value.Summarize(room.Key)),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            KeyValuePair<RoomKey, Room>[] due = [
                .. Of(route).Where(room => room.Value.Alarm <= (room.Value.IsAtRest ? now : overdue))
                    .OrderBy(static room => room.Value.Alarm)
                    .ThenBy(static room => room.Key.Name, ByBytes)
                    .Take(count),
            ];
            foreach ((_, Room room) in due)
                room.Alarm = claimedUntil;
            return Task.FromResult<IReadOnlyList<string>>([.. due.Select(static room => room.Key.Name)]);
        }
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return Task.FromResult(Of(route).Min(static room => room.Value.Alarm));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteUnusedAsync(
        string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            RoomKey[] unused = [
                .. Of(route).Where(room => room.Value.IsAtRest && room.Value.Alarm is null && room.Value.LastStored < unusedSince)
                    .OrderBy(static room => room.Value.LastStored)
                    .ThenBy(static room => room.Key.Name, ByBytes)
                    .Take(count)
                    .Select(static room => room.Key),
            ];
            foreach (RoomKey room in unused)
                _rooms.Remove(room);
            return Task.FromResult<IReadOnlyList<string>>([.. unused.Select(static room => room.Name)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<StoredTurn>>(
                _rooms.TryGetValue(room, out Room? stored) ? [.. stored.Turns.Where(turn => turn.Number > after).Take(count)] : []);
        }
    }

    /// <summary>Does nothing: what is stored stays, for whoever opens it next.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static int CompareBytes(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    private IEnumerable<KeyValuePair<RoomKey, Room>> Of(string route) => _rooms.Where(room => room.Key.Route == route);

    private sealed class Room
    {
        public long Epoch { get; set; }

        public long LastTurnBeforeEpoch { get; set; }

        public long LastTurn { get; set; }

        public StoredTurn? Snapshot { get; set; }

        public List<StoredTurn> Turns { get; } = [];

        public DateTimeOffset? Alarm { get; set; }

        public bool IsAtRest { get; set; }

        public DateTimeOffset LastStored { get; set; }

        public bool HasStored(RoomCommit commit) =>
            IsRun(commit.Turns) && commit.Turns is [StoredTurn first, ..] && first.Number > LastTurnBeforeEpoch && commit.Turns[^1].Number <= LastTurn;

        public bool CanStore(RoomCommit commit)
        {
            long snapshot = commit.Snapshot?.Number ?? 0;
            return IsRun(commit.Turns) && (commit.Turns is [] || commit.Turns[0].Number == LastTurn + 1)
                && snapshot >= 0 && snapshot <= LastTurn + commit.Turns.Count;
        }

        public void Store(RoomCommit commit)
        {
            Turns.AddRange(commit.Turns);
            LastTurn += commit.Turns.Count;
            if (commit.Snapshot is StoredTurn snapshot && !(snapshot.Number < Snapshot?.Number))
            {
                Snapshot = snapshot;
                if (!commit.KeepsHistory)
                    Turns.RemoveAll(turn => turn.Number <= snapshot.Number);
            }
            Alarm = commit.Alarm;
            IsAtRest = commit.IsAtRest;
            LastStored = commit.Time;
        }

        public RoomSummary Summarize(RoomKey key) => new()
        {
            Room = key,
            LastStored = LastStored,
            Alarm = Alarm,
            IsAtRest = IsAtRest,
            Bytes = (Snapshot?.Bytes.Length ?? 0) + Turns.Sum(static turn => (long)turn.Bytes.Length),
        };

        private static bool IsRun(IReadOnlyList<StoredTurn> turns) => turns.Select(static (turn, i) => turn.Number - i).Distinct().Count() <= 1;
    }
}
