using Krmx.Storage;

namespace Krmx.Shared;

/// <summary>A store that has another do what it is asked, for tests that change some of it.</summary>
/// <param name="store">The other one.</param>
internal abstract class DelegatingStore(IRoomStore store) : IRoomStore
{
    /// <summary>The other one; what this throws, a call fails with.</summary>
    protected virtual IRoomStore Store => store;

    public virtual async Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await Store.OpenAsync(room, now, cancellationToken);

    public virtual async Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default) =>
        await Store.CommitAsync(commits, cancellationToken);

    public virtual async Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default) =>
        await Store.DeleteAsync(room, epoch, cancellationToken);

    public virtual async Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default) =>
        await Store.ListAsync(route, after, count, cancellationToken);

    public virtual async Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default) =>
        await Store.ClaimDueAsync(route, now, overdue, claimedUntil, count, cancellationToken);

    public virtual async Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default) =>
        await Store.NextAlarmAsync(route, cancellationToken);

    public virtual async Task<IReadOnlyList<string>> DeleteUnusedAsync(
        string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default) =>
        await Store.DeleteUnusedAsync(route, unusedSince, count, cancellationToken);

    public virtual async Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default) =>
        await Store.ReadTurnsAsync(room, after, count, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
