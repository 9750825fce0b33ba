using Krmx.Contracts;
using Krmx.Diagnostics;
using Krmx.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.Rooms;

/// <summary>Makes the rooms of one route, each with its scope of services, and ends them.</summary>
/// <param name="pattern">The route, as logs name it.</param>
/// <param name="options">What each room allows.</param>
/// <param name="life">How many rooms there may be, and what they may keep together.</param>
/// <param name="configure">The application's setup of a room.</param>
/// <param name="gateways">Makes what has a room's connections.</param>
/// <param name="scopes">Makes scopes of services.</param>
/// <param name="environment">What rooms share.</param>
/// <param name="storage">How its rooms are stored; null where they are not.</param>
internal sealed class RoomMaker(
    string pattern,
    KrmxRoomOptions options,
    KrmxRoomLifeOptions life,
    Func<KrmxRoom, Task> configure,
    Func<KrmxRoom, IRoomGateway> gateways,
    IServiceScopeFactory scopes,
    RoomEnvironment environment,
    RouteStorage? storage = null) : IRoomMaker<RunningRoom>
{
    private readonly JournalBudget _journals = new(life.MaxJournalBytes, life.Max);

    /// <summary>Called, in a turn, when a room has given up what could not be stored: it is to be ended.</summary>
    public Action<KrmxRoom>? Lost { get; set; }

    /// <summary>How its rooms are stored; null where they are not.</summary>
    public RouteStorage? Storage => storage;

    /// <summary>How logs name a room.</summary>
    public string Label(string name) => name.Length == 0 ? pattern : $"{pattern} {name}";

    public async Task<RunningRoom> MakeAsync(string name)
    {
        string label = Label(name);
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        KrmxRoom? room = null;
        try
        {
            room = await CreateAsync(name, label, scope.ServiceProvider).ConfigureAwait(false);
            await room.RunAsync(() => configure(room)).ConfigureAwait(false);
            IRoomGateway gateway = gateways(room);
            await room.OpenAsync(gateway).ConfigureAwait(false);
            KrmxRoom opened = room;
            room.WhenLost = () => Lost?.Invoke(opened);
            environment.Metrics.RoomOpened();
            RoomLog.RoomOpened(environment.Logger, label);
            return new RunningRoom(room, gateway, scope);
        }
        catch (Exception error)
        {
            RoomLog.RoomFailed(environment.Logger, label, error);
            await AbandonAsync(room, scope, label).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sets up a room that nobody is ever let into, and says what its contract is.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Fails as the application's setup did.</returns>
    public async Task<KrmxContract> DescribeAsync(string name)
    {
        string label = Label(name);
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        KrmxRoom? room = null;
        try
        {
            room = new KrmxRoom(name, label, options, scope.ServiceProvider, environment);
            await room.RunAsync(() => configure(room)).ConfigureAwait(false);
            return await room.RunAsync(() => room.Contract).ConfigureAwait(false);
        }
        finally
        {
            await AbandonAsync(room, scope, label).ConfigureAwait(false);
        }
    }

    public bool IsAlive(RunningRoom room) => room.Room.Lost is null;

    public bool IsWorthKeeping(RunningRoom room) => room.Room.WasEverLinked;

    public async Task EndAsync(RunningRoom running, CloseCode code)
    {
        if (storage is not null && code == CloseCode.Deleted)
            code = await TryDeleteAsync(running.Room, storage.Store).ConfigureAwait(false) ? code : CloseCode.GoingAway;
        await running.Room.CloseAsync(code, life.CloseTimeout).ConfigureAwait(false);
        if (storage is not null)
            await EndStoringAsync(running.Room, storage).ConfigureAwait(false);
        await DisposeAsync(running.Scope, running.Room.Label).ConfigureAwait(false);
        environment.Metrics.RoomClosed();
        RoomLog.RoomClosed(environment.Logger, running.Room.Label);
    }

    private async Task<KrmxRoom> CreateAsync(string name, string label, IServiceProvider services)
    {
        if (storage is null)
            return new KrmxRoom(name, label, options, services, environment, _journals);
        (RoomMemory memory, RoomWriting writing) = await storage.LoadAsync(name).ConfigureAwait(false);
        var room = new KrmxRoom(name, label, options, services, environment, _journals, memory);
        room.Store(writing);
        return room;
    }

    private async Task<bool> TryDeleteAsync(KrmxRoom room, IRoomStore store)
    {
        try
        {
            await room.DeleteStoredAsync(store).ConfigureAwait(false);
            return true;
        }
        catch (Exception error)
        {
            StorageLog.DeletingFailed(environment.Logger, room.Label, error);
            return false;
        }
    }

    /// <summary>Waits until it is stored that a room rests; one of which nothing was ever stored is forgotten.</summary>
    private async Task EndStoringAsync(KrmxRoom room, RouteStorage storage)
    {
        if (room.Writing is not RoomWriting writing || writing.Lost is not null)
            return;
        try
        {
            await writing.Rested.ConfigureAwait(false);
            if (writing.Stored == 0)
                await storage.Store.DeleteAsync(writing.Room, writing.Epoch).ConfigureAwait(false);
            storage.Rested?.Invoke();
        }
        catch (Exception error)
        {
            StorageLog.RoomLost(environment.Logger, room.Label, error);
        }
    }

    /// <summary>Ends a room that nobody was let into; null where it could not be made.</summary>
    private async Task AbandonAsync(KrmxRoom? room, AsyncServiceScope scope, string label)
    {
        if (room is not null)
            await room.CloseAsync(CloseCode.GoingAway, life.CloseTimeout).ConfigureAwait(false);
        await DisposeAsync(scope, label).ConfigureAwait(false);
    }

    private async Task DisposeAsync(AsyncServiceScope scope, string label)
    {
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            RoomLog.HandlerFailed(environment.Logger, label, error);
        }
    }
}
