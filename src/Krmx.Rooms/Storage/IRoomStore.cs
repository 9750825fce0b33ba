namespace Krmx.Storage;

/// <summary>Keeps rooms that outlive their process.</summary>
/// <remarks>
/// <para>
/// Safe from any thread; <see cref="CommitAsync"/> is called by one caller at a time. Whatever throws may have happened or not: the caller tries again, and
/// nothing may happen twice. What has completed is on the disk.
/// </para>
/// <para>
/// A store makes its schema, and upgrades an older one, before its first use; one that is newer than the store knows is refused with a clear error and not
/// touched.
/// </para>
/// </remarks>
public interface IRoomStore : IAsyncDisposable
{
    /// <summary>Opens a room, one that is new too: its next epoch begins, and then what is stored of it is read.</summary>
    /// <remarks>
    /// In this order, so that a commit of an older epoch that is still under way is either among what is read or fails. The room is not at rest from then on.
    /// </remarks>
    /// <param name="room">The room.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Stores turns of rooms, as one transaction where possible, each room's all or nothing.</summary>
    /// <remarks>
    /// A commit whose epoch is not the room's, or whose room is not there, is fenced: nothing of it is stored, and it says so. One whose turns are stored already,
    /// by the same epoch, is a repetition: it succeeds and changes nothing more. A fenced one changes nothing for the others.
    /// </remarks>
    /// <param name="commits">At most one for each room.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <exception cref="ArgumentException">There are two for one room.</exception>
    /// <exception cref="InvalidOperationException">Turns of a room do not follow on those that are stored; nothing of it is stored now, and the others are.</exception>
    Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default);

    /// <summary>Deletes a room and all that is stored of it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="epoch">The epoch of its opening, where only that one may delete it; null where it may be open or not.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>Whether there was such a room, of that epoch.</returns>
    Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the rooms of a route, in the order of their names, compared byte by byte.</summary>
    /// <param name="route">The route's pattern.</param>
    /// <param name="after">The name behind which to begin; null for the beginning.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default);

    /// <summary>Finds rooms of a route that rest and have an alarm due, or that are said to be open and have had one due for too long.</summary>
    /// <remarks>
    /// Each is given to one caller, though several servers ask: its alarm is put off until <paramref name="claimedUntil"/>, where whoever has it does not open it.
    /// </remarks>
    /// <param name="route">The route's pattern.</param>
    /// <param name="now">The time: alarms up to it are due in rooms at rest.</param>
    /// <param name="overdue">An earlier time: alarms up to it are due in rooms that are said to be open.</param>
    /// <param name="claimedUntil">Until when nobody else is given them.</param>
    /// <param name="count">How many at most, the earliest first.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>The names of the rooms.</returns>
    Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default);

    /// <summary>Says when the next alarm rings of the rooms of a route, open or not; null where there is none.</summary>
    Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default);

    /// <summary>Deletes rooms of a route that rest, have no alarm, and of which nothing was stored since a time.</summary>
    /// <param name="route">The route's pattern.</param>
    /// <param name="unusedSince">The time.</param>
    /// <param name="count">How many at most, those unused for longest first.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>The names of those that were deleted.</returns>
    Task<IReadOnlyList<string>> DeleteUnusedAsync(string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default);

    /// <summary>Reads turns of a room without opening it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="after">The number behind which to begin; 0 for the first that is stored.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>The turns, in order; empty where there are no more, or there is no such room.</returns>
    Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default);
}
