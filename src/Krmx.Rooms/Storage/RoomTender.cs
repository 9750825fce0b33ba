using Krmx.Diagnostics;
using Krmx.Rooms;

namespace Krmx.Storage;

/// <summary>Looks after the stored rooms of a route that nobody is in: wakes those in which an alarm is due, and deletes those that nobody uses.</summary>
/// <remarks>It keeps nothing of a room that rests but when the next alarm of all rings.</remarks>
internal sealed class RoomTender(RouteStorage storage, RoomDirectory<RunningRoom> directory, RoomEnvironment environment) : IAsyncDisposable
{
    private const int RoomsAtOnce = 100;

    /// <summary>Other servers may have put rooms to rest meanwhile.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TimeToRing = TimeSpan.FromSeconds(15), TimeToOpen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TimeBetweenDeletions = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private Signal _hint = new(); // that a room was put to rest
    private Task _tending = Task.CompletedTask;
    private long? _lastDeletion;

    public void Start()
    {
        storage.Rested = () => Volatile.Read(ref _hint).Set();
        _tending = Task.Run(TendAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _tending.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task TendAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TimeSpan wait = LongestWait;
            Volatile.Write(ref _hint, new Signal());
            try
            {
                await WakeDueAsync().ConfigureAwait(false);
                await DeleteUnusedAsync().ConfigureAwait(false);
                if (await storage.Store.NextAlarmAsync(storage.Route, _stopping.Token).ConfigureAwait(false) is DateTimeOffset next)
                    wait = Bounded(next - environment.Time.GetUtcNow());
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                StorageLog.TendingFailed(environment.Logger, storage.Route, error);
            }
            await _hint.WaitAsync(wait, environment.Time, _stopping.Token).ConfigureAwait(false);
        }
    }

    private async Task WakeDueAsync()
    {
        IReadOnlyList<string> due;
        do
        {
            DateTimeOffset now = environment.Time.GetUtcNow();
            due = await storage.Store.ClaimDueAsync(storage.Route, now, now - TimeToRing, now + TimeToOpen, RoomsAtOnce, _stopping.Token).ConfigureAwait(false);
            await Task.WhenAll(due.Select(WakeAsync)).ConfigureAwait(false);
        }
        while (due.Count == RoomsAtOnce);
    }

    /// <summary>Opens a room for its alarm, which rings in its first turn; it rests again when nobody has come for the idle time.</summary>
    private async Task WakeAsync(string name)
    {
        RoomVisit<RunningRoom> visit = await directory.EnterAsync(name, cancellationToken: _stopping.Token).ConfigureAwait(false);
        if (visit.Room is RunningRoom running)
        {
            await running.Room.RunAsync(static () => true).ConfigureAwait(false);
            directory.Leave(visit.Slot!);
        }
        else if (!_stopping.IsCancellationRequested && visit.Why != NoRoom.ShuttingDown)
        {
            StorageLog.WakeFailed(environment.Logger, storage.Key(name).ToString(), KrmxRooms.WhyNot(visit, $"cannot wake the room '{name}'"));
        }
    }

    private async Task DeleteUnusedAsync()
    {
        if (storage.Options.Retention is not TimeSpan retention ||
            (_lastDeletion is long last && environment.Time.GetElapsedTime(last) < TimeBetweenDeletions))
            return;
        IReadOnlyList<string> deleted;
        do
        {
            deleted = await storage.Store.DeleteUnusedAsync(storage.Route, environment.Time.GetUtcNow() - retention, RoomsAtOnce, _stopping.Token).ConfigureAwait(false);
            foreach (string name in deleted)
                StorageLog.RoomExpired(environment.Logger, storage.Key(name).ToString());
        }
        while (deleted.Count == RoomsAtOnce);
        _lastDeletion = environment.Time.GetTimestamp();
    }

    private static TimeSpan Bounded(TimeSpan wait) => wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
}
