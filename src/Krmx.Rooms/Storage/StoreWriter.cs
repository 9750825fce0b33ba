using Krmx.Diagnostics;
using Krmx.Rooms;

namespace Krmx.Storage;

/// <summary>Stores the turns of all rooms: those that wait go into one commit, one commit at a time. Safe from any thread.</summary>
/// <remarks>
/// A commit that failed may be stored or not. It is tried again as it is, which changes nothing where it was, until it succeeds or a room has no more patience. What
/// others have to store waits behind it, unless it is one room that the store does not take.
/// </remarks>
internal sealed class StoreWriter(IRoomStore store, RoomEnvironment environment)
{
    private const int MaxBatchBytes = 8 * 1024 * 1024;
    private const int FailuresTogether = 3;
    private const int TurnsToGather = 3;

    private static readonly TimeSpan RelaxedDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50), LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Queue<RoomWriting> _due = new();
    private HashSet<RoomWriting> _later = [];
    private bool _isRunning;
    private bool _isLaterDue;
    private FailingStore? _failing;

    /// <summary>What is wrong with the store; null while it does what it should.</summary>
    public FailingStore? Failing => Volatile.Read(ref _failing);

    /// <summary>A room has something to be stored.</summary>
    /// <param name="room">The room.</param>
    /// <param name="isUrgent">Whether it is stored at once though nobody waits for it.</param>
    public void Enqueue(RoomWriting room, bool isUrgent = false)
    {
        lock (_gate)
        {
            if (room.IsRelaxed && !isUrgent && !room.IsBehind)
            {
                AddLater(room);
                return;
            }
            if (!room.IsQueued)
            {
                room.IsQueued = true;
                _due.Enqueue(room);
            }
            if (_isRunning)
                return;
            _isRunning = true;
        }
        _ = Task.Run(RunAsync);
    }

    private void AddLater(RoomWriting room)
    {
        _later.Add(room);
        if (_isLaterDue)
            return;
        _isLaterDue = true;
        _ = Task.Delay(RelaxedDelay, environment.Time).ContinueWith(_ => EnqueueLater(), TaskScheduler.Default);
    }

    private void EnqueueLater()
    {
        HashSet<RoomWriting> rooms;
        lock (_gate)
        {
            (rooms, _later) = (_later, []);
            _isLaterDue = false;
        }
        foreach (RoomWriting room in rooms)
            Enqueue(room, isUrgent: true);
    }

    private async Task RunAsync()
    {
        while (TryTake(out List<(RoomWriting Room, RoomCommit Commit)> batch))
        {
            int count = batch.Count;
            await CommitAsync(batch).ConfigureAwait(false);
            await GatherAsync(count).ConfigureAwait(false);
        }
    }

    /// <summary>Lets those have their next turn whose last one was stored just now: else half of them would wait for the commit of the other half.</summary>
    private async Task GatherAsync(int count)
    {
        for (int i = 0; i < TurnsToGather && DueCount() < count; i++)
            await Task.Yield();
    }

    private int DueCount()
    {
        lock (_gate)
            return _due.Count;
    }

    private bool TryTake(out List<(RoomWriting Room, RoomCommit Commit)> batch)
    {
        batch = [];
        DateTimeOffset now = environment.Time.GetUtcNow();
        long bytes = 0;
        lock (_gate)
        {
            while (bytes < MaxBatchBytes && _due.TryDequeue(out RoomWriting? room))
            {
                room.IsQueued = false;
                if (room.Take(now) is not RoomCommit commit)
                    continue;
                batch.Add((room, commit));
                bytes += commit.TurnBytes + (commit.Snapshot?.Bytes.Length ?? 0);
            }
            _isRunning = batch.Count > 0;
            return _isRunning;
        }
    }

    private async Task CommitAsync(List<(RoomWriting Room, RoomCommit Commit)> batch)
    {
        TimeSpan wait = FirstWait;
        int failures = 0;
        long began = environment.Time.GetTimestamp();
        while (batch.Count > 0)
        {
            // Where it is not the store but one room, that one must not keep the others waiting.
            int count = failures < FailuresTogether ? batch.Count : 1;
            RoomCommit[] commits = [.. batch.Take(count).Select(static pair => pair.Commit)];
            long attempted = environment.Time.GetTimestamp();
            try
            {
                using var timeout = new CancellationTokenSource(CommitTimeout, environment.Time);
                await store.CommitAsync(commits, timeout.Token).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                failures++;
                Failed(error);
                batch.Add(batch[0]);
                batch.RemoveAt(0);
                GiveUp(batch, environment.Time.GetElapsedTime(began), error);
                await Task.Delay(wait, environment.Time).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                continue;
            }
            Succeeded();
            environment.Metrics.Committed(commits, environment.Time.GetElapsedTime(attempted));
            foreach ((RoomWriting room, RoomCommit commit) in batch.Take(count))
            {
                if (commit.IsFenced)
                    room.Lose(new KrmxException($"the room {room.Room} was opened elsewhere, where it goes on"));
                else
                    room.Confirm(commit);
            }
            batch.RemoveRange(0, count);
        }
    }

    private static void GiveUp(List<(RoomWriting Room, RoomCommit Commit)> batch, TimeSpan elapsed, Exception error) => batch.RemoveAll(pair =>
    {
        bool isGivenUp = elapsed >= pair.Room.Patience;
        if (isGivenUp)
            pair.Room.Lose(error);
        return isGivenUp;
    });

    private void Failed(Exception error)
    {
        environment.Metrics.CommitFailed();
        if (_failing is null)
            StorageLog.StoreFails(environment.Logger, error);
        Volatile.Write(ref _failing, new FailingStore(_failing?.Since ?? environment.Time.GetTimestamp(), error));
    }

    private void Succeeded()
    {
        if (_failing is not FailingStore failing)
            return;
        StorageLog.StoreWorks(environment.Logger, environment.Time.GetElapsedTime(failing.Since).TotalSeconds);
        Volatile.Write(ref _failing, null);
    }
}

/// <summary>A store that does not do what it should.</summary>
/// <param name="Since">When it failed first, as a timestamp.</param>
/// <param name="Error">What it threw last.</param>
internal sealed record FailingStore(long Since, Exception Error);
