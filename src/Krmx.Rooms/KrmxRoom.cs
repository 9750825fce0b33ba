using System.Runtime.ExceptionServices;
using Krmx.Diagnostics;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

/// <summary>A room in this process: its users, its connections, and its turns.</summary>
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
    private readonly RoomEnvironment _environment;
    private readonly RoomEffects _effects;
    private readonly RoomDiagnostics _diagnostics;
    private readonly TurnLoop _turns;
    private readonly Authenticator _authenticator;
    private readonly RunningListeners _listeners = new();
    private IRoomGateway? _gateway;
    private TaskCompletionSource? _closed; // when its connections have gone; null while it does not close
    private RoomWake? _wake;
    private TimeSpan _now;
    private long _turnBegan;

    internal KrmxRoom(
        string name,
        string label,
        KrmxRoomOptions options,
        IServiceProvider services,
        RoomEnvironment environment,
        IJournalBudget? journals = null,
        RoomMemory? memory = null)
        : this(name, options, services, environment, journals, memory, new RoomEffects(), new RoomDiagnostics(label, environment.Logger, environment.Metrics))
    {
    }

    private KrmxRoom(
        string name,
        KrmxRoomOptions options,
        IServiceProvider services,
        RoomEnvironment environment,
        IJournalBudget? journals,
        RoomMemory? memory,
        RoomEffects effects,
        RoomDiagnostics diagnostics)
        : base(options, effects, diagnostics, journals, memory)
    {
        Name = name;
        Services = services;
        _environment = environment;
        _effects = effects;
        _diagnostics = diagnostics;
        _turns = new TurnLoop(new Turns(this), environment.Schedule);
        _authenticator = new Authenticator(_turns, this, Label, environment.Logger);
        OnLink(environment.Metrics.UserLinked);
        OnUnlink(environment.Metrics.UserUnlinked);
    }

    /// <summary>The room's value of a <c>{room}</c> route, several values joined by slashes; empty where the route has none.</summary>
    public string Name { get; }

    /// <summary>The services of the room: a scope that lives as long as it does.</summary>
    public IServiceProvider Services { get; }

    /// <summary>How logs name the room: the route's pattern, and the value where there is one.</summary>
    internal string Label => _diagnostics.Room;

    /// <summary>Whether authentication wants to know the facts of connections.</summary>
    internal bool AsksAuthentication => Input.AsksAuthentication;

    /// <summary>When the turn under way began, as a timestamp; 0 between turns.</summary>
    internal long TurnBegan => Volatile.Read(ref _turnBegan);

    private IRoomInput Input => this;

    /// <summary>Sets who decides about links; without one everybody may be anybody.</summary>
    /// <param name="handler">
    /// Given the request and a token that is cancelled when the answer is not needed any more. It runs in the room's turns, as listeners do. A
    /// handler that throws, or takes longer than <see cref="KrmxLinkOptions.AuthenticationTimeout"/>, refuses.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// There is one already: two could not both decide. Or the room is open: those who are in have not been asked.
    /// </exception>
    public void OnAuthenticate(Func<LinkRequest, CancellationToken, ValueTask<LinkResult>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (Status is not (RoomStatus.Initializing or RoomStatus.Opening))
            throw new InvalidOperationException("The room is open, so it is too late to say who may link: set the handler while the room is set up.");
        if (AsksAuthentication)
            throw new InvalidOperationException("The room has an authentication handler already; decide everything in one.");
        _authenticator.Use(handler);
    }

    /// <summary>Sets who decides about links, at once.</summary>
    /// <inheritdoc cref="OnAuthenticate(Func{LinkRequest, CancellationToken, ValueTask{LinkResult}})"/>
    public void OnAuthenticate(Func<LinkRequest, LinkResult> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OnAuthenticate((link, _) => ValueTask.FromResult(handler(link)));
    }

    /// <summary>Opens the room: those who listen to that are waited for, and then connections may come. Called once.</summary>
    /// <param name="gateway">What has the room's connections.</param>
    /// <returns>Fails as a listener did; the room is to be closed then.</returns>
    internal Task OpenAsync(IRoomGateway gateway) => RunAsync(() => OpenInTurnAsync(gateway));

    /// <summary>Opens the room, in its turns.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    internal async Task OpenInTurnAsync(IRoomGateway gateway)
    {
        _gateway = gateway;
        Input.Open();
        await Task.WhenAll(_opening).ConfigureAwait(true);
        if (_diagnostics.OpenError is Exception error)
            ExceptionDispatchInfo.Throw(error);
        if (_lost is not null)
            throw LostException(_lost);
        Input.Opened();
    }

    /// <summary>
    /// Closes the room: users leave, or it is put to rest where it is durable and not deleted; connections close in bounded time, async listeners have a time to
    /// end; called once.
    /// </summary>
    /// <param name="code">What connections are told.</param>
    /// <param name="patience">How long async listeners may go on.</param>
    /// <returns>Completes when it is closed: never, where a listener blocks it.</returns>
    internal Task CloseAsync(CloseCode code, TimeSpan patience) => RunAsync(() => CloseInTurnAsync(code, patience));

    /// <summary>Closes the room, in its turns.</summary>
    /// <inheritdoc cref="CloseAsync"/>
    internal async Task CloseInTurnAsync(CloseCode code, TimeSpan patience)
    {
        // One that never opened has nobody to tell of its end, and nothing to save; one that has given up closes already.
        if (_closed is null && Status == RoomStatus.Open)
            BeginClosing(code);

        // Goes on in a later input, when the close event has been delivered to the end.
        if (_closed is not null)
            await _closed.Task.ConfigureAwait(true);
        try
        {
            await _listeners.WhenAllEnded().WaitAsync(patience, _environment.Time).ConfigureAwait(true);
        }
        catch (TimeoutException)
        {
            RoomLog.ListenersLeft(_environment.Logger, Label);
        }
        _isOver = Status == RoomStatus.Closed;
    }

    /// <summary>Begins to close the room, or to put it to rest where it is durable: then nobody leaves.</summary>
    private void BeginClosing(CloseCode code)
    {
        _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OnClose(() => _closed.TrySetResult());
        if (_writing is null)
        {
            Input.Close(code);
            return;
        }
        _environment.Metrics.UsersGone(LinkedCount);
        Input.Rest(code);
    }

    /// <summary>A connection has come.</summary>
    internal void ConnectionOpened(ConnectionId connection, KrmxConnectionInfo facts) => Post(() => Input.ConnectionOpened(connection, facts));

    /// <summary>A frame has come.</summary>
    internal void FrameReceived(IFrameSource source, in InboundFrame frame) => _turns.Enqueue(source, frame);

    /// <summary>A connection that was challenged is alive.</summary>
    internal void ConnectionAnswered(ConnectionId connection) => Post(() => Input.ConnectionAnswered(connection));

    /// <summary>A connection has gone.</summary>
    internal void ConnectionClosed(ConnectionId connection, UnlinkReason reason) => Post(() => Input.ConnectionClosed(connection, reason));

    /// <summary>Something may be due: the next turn sees to it, as every turn does.</summary>
    internal void Wake() => Post(static () => { });

    private void BeginTurn()
    {
        long began = _environment.Time.GetTimestamp();
        Volatile.Write(ref _turnBegan, began);

        // A clock that jumps back, as no good one does, may cost time, never a turn.
        TimeSpan now = _environment.TimeAt(began);
        if (now > _now)
            _now = now;
        if (_wake?.Due <= _now)
            _wake = null;
        ReleaseStored();
        Input.Advance(_now);
    }

    /// <summary>What the turn did leaves now, and nothing of it before.</summary>
    private void EndTurn()
    {
        Input.EndTurn();
        if (_writing is not null)
        {
            EndDurableTurn();
        }
        else
        {
            Deliver(_effects.InOrder);
            _effects.Clear();
        }
        SetWake();
        _environment.Metrics.TurnEnded(_environment.Time.GetElapsedTime(_turnBegan));
        Volatile.Write(ref _turnBegan, 0);
    }

    private void Deliver(ReadOnlySpan<RoomEffect> effects)
    {
        if (effects.IsEmpty)
            return;
        _gateway!.Deliver(effects);
        if (!AsksAuthentication)
            return;
        foreach (ref readonly RoomEffect effect in effects)
            Authenticate(effect);
    }

    /// <summary>Has the room woken when something is due; where that is later than it was, or not at all any more, it is woken for nothing.</summary>
    private void SetWake()
    {
        if (Input.NextDue is TimeSpan due)
        {
            // One whose time came in the middle of this turn may have woken nobody.
            if (_wake is null || due < _wake.Due || _wake.Due <= _environment.Now)
                _wake = _environment.Waker.Set(this, due, instead: _wake);
        }
        else if (_wake is not null && Status == RoomStatus.Closed)
        {
            _environment.Waker.Cancel(_wake);
            _wake = null;
        }
    }

    private void Authenticate(in RoomEffect effect)
    {
        if (effect.Kind == RoomEffectKind.Authenticate)
            _authenticator.Begin(effect.Attempt, effect.Request);
        else if (effect.Kind == RoomEffectKind.CancelAuthentication)
            _authenticator.Cancel(effect.Attempt);
    }

    private sealed class Turns(KrmxRoom room) : ITurns
    {
        /// <summary>How many bytes of frames may wait for the end of a turn.</summary>
        private const int MaxOutput = 64 * 1024;

        public bool IsOutputDue => room._effects.FrameBytes >= MaxOutput;

        public bool IsWaiting => room.IsBehind;

        public void Begin() => room.BeginTurn();

        public void Receive(IFrameSource source, in InboundFrame frame)
        {
            source.FrameHandled();
            room.Input.FrameReceived(source.Id, frame);
        }

        public void Failed(Exception error) => RoomLog.HandlerFailed(room._environment.Logger, room.Label, error);

        public void End() => room.EndTurn();
    }
}
