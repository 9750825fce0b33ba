using Krmx.Contracts;
using Krmx.Diagnostics;
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
internal sealed class RoomMaker(
    string pattern,
    KrmxRoomOptions options,
    KrmxRoomLifeOptions life,
    Func<KrmxRoom, Task> configure,
    Func<KrmxRoom, IRoomGateway> gateways,
    IServiceScopeFactory scopes,
    RoomEnvironment environment) : IRoomMaker<RunningRoom>
{
    private readonly JournalBudget _journals = new(life.MaxJournalBytes, life.Max);

    /// <summary>How logs name a room.</summary>
    public string Label(string name) => name.Length == 0 ? pattern : $"{pattern} {name}";

    public async Task<RunningRoom> MakeAsync(string name)
    {
        string label = Label(name);
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        KrmxRoom? room = null;
        try
        {
            room = new KrmxRoom(name, label, options, scope.ServiceProvider, environment, _journals);
            await room.InvokeAsync(() => configure(room)).ConfigureAwait(false);
            IRoomGateway gateway = gateways(room);
            await room.OpenAsync(gateway).ConfigureAwait(false);
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
            return await room.InvokeAsync(async () =>
            {
                await configure(room).ConfigureAwait(true);
                return room.Contract;
            }).ConfigureAwait(false);
        }
        finally
        {
            await AbandonAsync(room, scope, label).ConfigureAwait(false);
        }
    }

    public bool IsWorthKeeping(RunningRoom room) => room.Room.WasEverLinked;

    public async Task EndAsync(RunningRoom running, CloseCode code)
    {
        await running.Room.CloseAsync(code, life.CloseTimeout).ConfigureAwait(false);
        await DisposeAsync(running.Scope, running.Room.Label).ConfigureAwait(false);
        environment.Metrics.RoomClosed();
        RoomLog.RoomClosed(environment.Logger, running.Room.Label);
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
