using Krmx.Storage;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A store that is away when a test says so.</summary>
/// <param name="store">The store that there is otherwise.</param>
internal sealed class UnreliableStore(IRoomStore store) : IRoomStore
{
    /// <summary>Whether it does nothing of what it is asked.</summary>
    public volatile bool IsAway;

    private IRoomStore Store => IsAway ? throw new RoomStoreException("The store is away.") : store;

    public async Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await Store.OpenAsync(room, now, cancellationToken);

    public async Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default) =>
        await Store.CommitAsync(commits, cancellationToken);

    public async Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default) =>
        await Store.DeleteAsync(room, epoch, cancellationToken);

    public async Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default) =>
        await Store.ListAsync(route, after, count, cancellationToken);

    public async Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default) =>
        await Store.ClaimDueAsync(route, now, overdue, claimedUntil, count, cancellationToken);

    public async Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default) =>
        await Store.NextAlarmAsync(route, cancellationToken);

    public async Task<IReadOnlyList<string>> DeleteUnusedAsync(
        string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default) =>
        await Store.DeleteUnusedAsync(route, unusedSince, count, cancellationToken);

    public async Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default) =>
        await Store.ReadTurnsAsync(room, after, count, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
