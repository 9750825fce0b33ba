using Krmx.Connections;
using Krmx.Diagnostics;
using Krmx.Protocol;
using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx;

/// <summary>A server of one room in this process: its users, its connections, and its turns.</summary>
/// <remarks>
/// <para>
/// Listeners run in the room's turns, one at a time, so they need no locks. An async listener goes on in a later turn of the same room: it
/// interleaves with others and never runs beside them.
/// </para>
/// <para>
/// The members of <see cref="KrmxRoomCore"/> belong to turns. From anywhere else, use <see cref="Post"/> or <see cref="InvokeAsync(Action)"/>.
/// </para>
/// </remarks>
public sealed partial class KrmxRoom : KrmxRoomCore
{
    private readonly RoomOutput _output;
    private readonly TurnLoop _turns;
    private readonly Authenticator _authenticator;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunningListeners _listeners = new();
    private long _turnBegan;

    internal KrmxRoom(string name, string label, KrmxOptions options, IServiceProvider services, RoomEnvironment environment)
        : this(name, label, options, services, environment, new RoomOutput(environment.Logger, environment.Metrics))
    {
    }

    private KrmxRoom(string name, string label, KrmxOptions options, IServiceProvider services, RoomEnvironment environment, RoomOutput output)
        : base(options, output)
    {
        Name = name;
        Label = label;
        Options = options;
        Services = services;
        Metrics = environment.Metrics;
        _time = environment.Time;
        _logger = environment.Logger;
        _turns = new TurnLoop(new Turns(this));
        _authenticator = new Authenticator(_turns, environment.Time, _logger);
        _output = output;
        output.Room = this;
        output.Authenticator = _authenticator;
        OnLink(Metrics.UserLinked);
        OnUnlink(Metrics.UserUnlinked);
    }

    /// <summary>The room's value of a <c>{room}</c> route, several values joined by slashes; empty where the route has none.</summary>
    public string Name { get; }

    /// <summary>The services of the room: a scope that lives as long as it does.</summary>
    public IServiceProvider Services { get; }

    /// <summary>How logs name the room: the route's pattern, and the value where there is one.</summary>
    internal string Label { get; }

    internal KrmxOptions Options { get; }

    internal KrmxMetrics Metrics { get; }

    /// <summary>When the turn under way began, as a timestamp; 0 between turns.</summary>
    internal long TurnBegan => Volatile.Read(ref _turnBegan);

    /// <summary>Sets who decides about links; without one everybody may be anybody.</summary>
    /// <param name="handler">
    /// Given the request and a token that is cancelled when the answer is not needed any more. A handler that throws, or takes longer than
    /// <see cref="KrmxRoomOptions.AuthenticationTimeout"/>, refuses.
    /// </param>
    /// <exception cref="InvalidOperationException">There is one already: two could not both decide.</exception>
    public void OnAuthenticate(Func<KrmxLinkContext, CancellationToken, ValueTask<LinkResult>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_authenticator.Handler is not null)
            throw new InvalidOperationException("The room has an authentication handler already; decide everything in one.");
        _authenticator.Handler = handler;
    }

    /// <summary>Sets who decides about links, at once.</summary>
    /// <inheritdoc cref="OnAuthenticate(Func{KrmxLinkContext, CancellationToken, ValueTask{LinkResult}})"/>
    public void OnAuthenticate(Func<KrmxLinkContext, LinkResult> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OnAuthenticate((link, _) => ValueTask.FromResult(handler(link)));
    }

    internal void Open(int port) => Post(() =>
    {
        IRoomInput input = this;
        input.Starting();
        input.Listening(port);
    });

    /// <summary>Closes the room: users leave, connections close in bounded time, async listeners have as long to end; called once.</summary>
    /// <returns>Completes when it is closed: never, where a listener blocks it.</returns>
    internal async Task CloseAsync(CloseCode code)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OnClose(() => closed.TrySetResult());
        Post(() =>
        {
            if (Status == RoomStatus.Listening)
                ((IRoomInput)this).Close(code);
            else if (Status != RoomStatus.Closing)
                closed.TrySetResult(); // it never listened, or is closed already
        });
        await closed.Task.ConfigureAwait(false);

        // The close event is delivered to the end in the turn that began it.
        await InvokeAsync(() => { }).ConfigureAwait(false);
        try
        {
            await _listeners.WhenAllEnded().WaitAsync(Options.CloseTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            KrmxLog.ListenersLeft(_logger, Label);
        }
    }

    internal void Opened(GatewayConnection connection)
    {
        Metrics.ConnectionOpened();
        KrmxLog.Opened(_logger, Label, connection.Id.Value);
        Post(() =>
        {
            _output.Add(connection);
            ((IRoomInput)this).ConnectionOpened(connection.Id);
        });
    }

    internal void Received(GatewayConnection connection, in InboundFrame frame) => _turns.Enqueue(connection, frame);

    internal void Closed(GatewayConnection connection, UnlinkReason reason)
    {
        Metrics.ConnectionClosed(reason);
        if (reason == UnlinkReason.ConnectionClosed)
            KrmxLog.Closed(_logger, Label, connection.Id.Value, reason);
        else
            KrmxLog.Evicted(_logger, Label, connection.Id.Value, reason);
        Post(() =>
        {
            _output.Remove(connection);
            ((IRoomInput)this).ConnectionClosed(connection.Id, reason);
        });
    }

    private sealed class Turns(KrmxRoom room) : ITurns
    {
        public void Begin() => Volatile.Write(ref room._turnBegan, room._time.GetTimestamp());

        public void Receive(GatewayConnection connection, in InboundFrame frame)
        {
            connection.FrameHandled();
            ((IRoomInput)room).FrameReceived(connection.Id, frame);
        }

        public void Failed(Exception error) => KrmxLog.HandlerFailed(room._logger, room.Label, error);

        public void End()
        {
            room._output.EndTurn();
            room.Metrics.TurnEnded(room._time.GetElapsedTime(room._turnBegan));
            Volatile.Write(ref room._turnBegan, 0);
        }
    }
}
