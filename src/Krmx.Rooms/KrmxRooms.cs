using System.Runtime.ExceptionServices;
using Krmx.Rooms;
using Krmx.Storage;

namespace Krmx;

/// <summary>A handle on the rooms of this process, for controllers, background services and whatever else is not in a room itself.</summary>
/// <remarks>
/// A service of the application: let it be injected. Safe from any thread. Rooms are known by the value of their route; where the application has
/// several routes, name the one that is meant.
/// </remarks>
public sealed class KrmxRooms
{
    private readonly List<RoomRoute> _routes = [];
    private readonly Lock _gate = new();

    internal KrmxRooms()
    {
    }

    /// <summary>Every room that is open.</summary>
    internal IEnumerable<KrmxRoom> All => Routes.SelectMany(static route => route.Directory.Rooms).Select(static running => running.Room);

    private RoomRoute[] Routes
    {
        get
        {
            lock (_gate)
                return [.. _routes];
        }
    }

    /// <summary>Lists the rooms that are open; they may come and go meanwhile.</summary>
    /// <param name="route">The route's pattern. Default: null, for all routes.</param>
    public IReadOnlyList<KrmxRoom> List(string? route = null) =>
        route is null ? [.. All] : [.. Of(route).Directory.Rooms.Select(static running => running.Room)];

    /// <summary>Finds a room that is open; its members belong to its turns, so use it through <see cref="KrmxRoom.InvokeAsync(Action)"/>.</summary>
    /// <param name="name">The room's name.</param>
    /// <param name="route">The route's pattern. Default: null, where there is only one.</param>
    /// <returns>The room; null where there is none, or it is opening or closing.</returns>
    /// <exception cref="InvalidOperationException">There is no such route, or none is named and there are several.</exception>
    public KrmxRoom? Find(string name, string? route = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Of(route).Directory.Find(name)?.Room;
    }

    /// <summary>Does something in a turn of a room, later; what it throws is logged.</summary>
    /// <returns>Whether there is such a room.</returns>
    /// <inheritdoc cref="Find"/>
    /// <param name="name">The room's name.</param>
    /// <param name="action">What to do, given the room.</param>
    /// <param name="route">The route's pattern. Default: null, where there is only one.</param>
    public bool Post(string name, Action<KrmxRoom> action, string? route = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        KrmxRoom? room = Find(name, route);
        room?.Post(() => action(room));
        return room is not null;
    }

    /// <summary>Makes a room, unless there is one; it is kept for the idle time though nobody is in it.</summary>
    /// <returns>The room, open.</returns>
    /// <exception cref="KrmxException">There are too many rooms, the application shuts down, or the room takes too long to open.</exception>
    /// <exception cref="Exception">What the application's own code threw when it set up or opened the room.</exception>
    /// <inheritdoc cref="Find"/>
    /// <param name="name">The room's name.</param>
    /// <param name="route">The route's pattern. Default: null, where there is only one.</param>
    /// <param name="cancellationToken">Waits no longer; the room may be made all the same.</param>
    public async Task<KrmxRoom> CreateAsync(string name, string? route = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        RoomDirectory<RunningRoom> directory = Of(route).Directory;
        RoomVisit<RunningRoom> visit = await directory.EnterAsync(name, isWanted: true, cancellationToken).ConfigureAwait(false);
        if (visit.Room is not RunningRoom running)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure(visit, $"cannot make the room '{name}'");
        }
        directory.Leave(visit.Slot!);
        return running.Room;
    }

    /// <summary>
    /// Closes a room, whoever is in it: users leave, and clients are told with 1001 that they may come back, to another room of that name. A durable room is put to
    /// rest: nobody leaves, and whoever comes to that name finds it as it was.
    /// </summary>
    /// <remarks>It waits for the room's listeners, so one of them may call it, and may not wait for it.</remarks>
    /// <returns>Completes when nothing of it is left; whether there was one.</returns>
    /// <inheritdoc cref="Find"/>
    public Task<bool> CloseAsync(string name, string? route = null) => EndAsync(name, route, CloseCode.GoingAway);

    /// <summary>
    /// Ends a room for good, whoever is in it: users leave, and clients are told with 4410 that there is nothing to come back to. Of a durable room, one that rests
    /// too, nothing stays in the store.
    /// </summary>
    /// <remarks>
    /// It waits for the room's listeners, so one of them may call it, and may not wait for it. Whoever comes to that name later finds a new room.
    /// </remarks>
    /// <returns>Completes when nothing of it is left; whether there was one.</returns>
    /// <exception cref="Exception">What the store threw; the room may be there still.</exception>
    /// <inheritdoc cref="Find"/>
    public Task<bool> DeleteAsync(string name, string? route = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return DeleteAsync(name, Of(route));
    }

    /// <summary>Lists the rooms of a route that are stored, open or not, in the order of their names.</summary>
    /// <param name="after">The name behind which to begin. Default: null, for the beginning.</param>
    /// <param name="count">How many at most. Default: 100. At least 1.</param>
    /// <param name="route">The route's pattern. Default: null, where there is only one.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>The rooms; empty where none are stored.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">There is no such route, or none is named and there are several.</exception>
    public async Task<IReadOnlyList<RoomSummary>> ListStoredAsync(
        string? after = null, int count = 100, string? route = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Of(route).Maker.Storage is RouteStorage storage
            ? await storage.Store.ListAsync(storage.Route, after, count, cancellationToken).ConfigureAwait(false)
            : [];
    }

    internal void Add(RoomRoute route)
    {
        lock (_gate)
            _routes.Add(route);
    }

    /// <summary>What to throw where a room could not be entered: the application's own exception, as it was, or why there is none.</summary>
    internal static Exception Failure(in RoomVisit<RunningRoom> visit, string what)
    {
        if (visit.Error is Exception error)
            ExceptionDispatchInfo.Throw(error);
        return WhyNot(visit, what);
    }

    /// <summary>Why a room could not be entered.</summary>
    internal static Exception WhyNot(in RoomVisit<RunningRoom> visit, string what) => visit.Error ?? new KrmxException(visit.Why switch
    {
        NoRoom.TooMany => $"{what}: there are as many rooms as there may be, and somebody is in each",
        NoRoom.ShuttingDown => $"{what}: the application shuts down",
        _ => $"{what}: it takes too long to open, or one of the same name to end",
    });

    private static async Task<bool> DeleteAsync(string name, RoomRoute route)
    {
        bool wasThere = await route.Directory.CloseAsync(name, CloseCode.Deleted).ConfigureAwait(false);
        if (route.Maker.Storage is RouteStorage storage)
            wasThere |= await storage.Store.DeleteAsync(storage.Key(name)).ConfigureAwait(false);
        return wasThere;
    }

    private Task<bool> EndAsync(string name, string? route, CloseCode code)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Of(route).Directory.CloseAsync(name, code);
    }

    private RoomRoute Of(string? pattern)
    {
        RoomRoute[] routes = Routes;
        if (pattern is null)
        {
            return routes.Length == 1
                ? routes[0]
                : throw new InvalidOperationException(
                    $"Say which route is meant, as there are {routes.Length}: {string.Join(", ", routes.Select(static route => route.Pattern))}.");
        }
        return Array.Find(routes, route => route.Pattern == pattern) ??
            throw new InvalidOperationException($"There is no route '{pattern}'; there are: {string.Join(", ", routes.Select(static route => route.Pattern))}.");
    }
}
