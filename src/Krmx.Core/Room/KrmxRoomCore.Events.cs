using System.Text.Json;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// The events: queued in the order of the changes and delivered when the change is complete (protocol section 4, and section 8 item 10).
public partial class KrmxRoomCore
{
    private readonly ListenerList<Action> _onOpen = new("open");
    private readonly ListenerList<Action> _onOpened = new("opened");
    private readonly ListenerList<Action<KrmxUser>> _onJoin = new("join");
    private readonly ListenerList<Action<KrmxUser>> _onWelcome = new("welcome");
    private readonly ListenerList<Action<KrmxUser, KrmxLink>> _onLink = new("link");
    private readonly ListenerList<Action<KrmxUser, KrmxMessage>> _onMessage = new("message");
    private readonly Dictionary<string, ListenerList<Action<KrmxUser, KrmxMessage>>> _onMessageOf = new(StringComparer.Ordinal);
    private readonly ListenerList<Action<KrmxUser, UnlinkReason>> _onUnlink = new("unlink");
    private readonly ListenerList<Action<KrmxUser, SessionEndReason>> _onSessionEnd = new("session end");
    private readonly ListenerList<Action<KrmxUser>> _onLeave = new("leave");
    private readonly ListenerList<Action> _onClose = new("close");
    private readonly Action<string, Exception> _listenerFailed;
    private readonly Queue<RoomEvent> _events = new();
    private int _depth;

    /// <summary>Calls a listener when the room opens: once, before anybody is let in.</summary>
    /// <param name="listener">The listener; the room can be used in it, so it may seat users with <see cref="Join(string)"/>.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnOpen(Action listener) => Add(_onOpen, listener);

    /// <summary>Calls a listener when a user has joined; the user is not linked yet, so nothing can be sent to it.</summary>
    /// <param name="listener">Given the user. If it kicks the user, the client that wanted to link is rejected.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnJoin(Action<KrmxUser> listener) => Add(_onJoin, listener);

    /// <summary>Calls a listener when a user is linked; messages can be sent to it from here on.</summary>
    /// <param name="listener">Given the user.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnLink(Action<KrmxUser> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnLink((user, _) => listener(user));
    }

    /// <summary>Calls a listener when a user is linked; messages can be sent to it from here on.</summary>
    /// <param name="listener">Given the user and the link, which says whether the client goes on where it left off.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnLink(Action<KrmxUser, KrmxLink> listener) => Add(_onLink, listener);

    /// <summary>Calls a listener for every message of the application.</summary>
    /// <param name="listener">Given the user and the message. Called before the listeners of the message's type.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnMessage(Action<KrmxUser, KrmxMessage> listener) => Add(_onMessage, listener);

    /// <summary>Calls a listener for every message of one type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="listener">Given the user and the message.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    /// <exception cref="ArgumentException">The type belongs to the protocol, so no such message can come.</exception>
    public IDisposable OnMessage(string type, Action<KrmxUser, KrmxMessage> listener)
    {
        KrmxMessage.DemandCustom(type);
        VerifyUse();
        if (!_onMessageOf.TryGetValue(type, out ListenerList<Action<KrmxUser, KrmxMessage>>? listeners))
            _onMessageOf.Add(type, listeners = new ListenerList<Action<KrmxUser, KrmxMessage>>("message"));
        return listeners.Add(listener);
    }

    /// <summary>Calls a listener for every message of one type, with its payload read.</summary>
    /// <param name="type">The type.</param>
    /// <param name="listener">
    /// Given the user and the payload. Not called for a payload that is absent, <c>null</c> or no <typeparamref name="T"/>: that is logged.
    /// </param>
    /// <returns>Ends the subscription when disposed.</returns>
    /// <exception cref="ArgumentException">The type belongs to the protocol, so no such message can come.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="T"/>.</exception>
    public IDisposable OnMessage<T>(string type, Action<KrmxUser, T> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var payloads = KrmxJson.TypeInfo<T>(_options.Json);
        IDisposable subscription = OnMessage(type, (user, message) =>
        {
            if (message.TryDeserialize(payloads, out T? payload, out JsonException? error))
                listener(user, payload);
            else
                _diagnostics.PayloadRefused(user.Name, type, error);
        });
        ContractInTheMaking?.Receives(type, payloads);
        return subscription;
    }

    /// <summary>Calls a listener when a user is no longer linked; the user stays.</summary>
    /// <param name="listener">Given the user.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnUnlink(Action<KrmxUser> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnUnlink((user, _) => listener(user));
    }

    /// <summary>Calls a listener when a user is no longer linked; the user stays.</summary>
    /// <param name="listener">Given the user and why.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnUnlink(Action<KrmxUser, UnlinkReason> listener) => Add(_onUnlink, listener);

    /// <summary>
    /// Calls a listener when a user's session has ended: its client is told how things are when it comes back, rather than what it has missed. Protocol
    /// section 10.
    /// </summary>
    /// <param name="listener">Given the user, who may have left, and why.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnSessionEnded(Action<KrmxUser, SessionEndReason> listener) => Add(_onSessionEnd, listener);

    /// <summary>Calls a listener when a user has left.</summary>
    /// <param name="listener">Given the user, who is no longer among the room's.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnLeave(Action<KrmxUser> listener) => Add(_onLeave, listener);

    /// <summary>Calls a listener when the room has closed and nothing is left over.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnClose(Action listener) => Add(_onClose, listener);

    /// <summary>Calls a listener when a user is linked and is sent what it has to know; before the listeners of the application.</summary>
    internal IDisposable OnWelcome(Action<KrmxUser> listener) => Add(_onWelcome, listener);

    /// <summary>Calls a listener when all that the room waited for is there, and before anybody is let in.</summary>
    internal IDisposable OnOpened(Action listener) => Add(_onOpened, listener);

    private IDisposable Add<TListener>(ListenerList<TListener> listeners, TListener listener)
        where TListener : Delegate
    {
        VerifyUse();
        return listeners.Add(listener);
    }

    private Scope Enter() => new(this);

    private Scope EnterInput()
    {
        if (_depth > 0)
            throw new InvalidOperationException("An input may not be given from inside a listener.");
        return new Scope(this);
    }

    private void Settle()
    {
        while (_events.Count > 0)
            Deliver(_events.Dequeue());
    }

    private void Deliver(in RoomEvent next)
    {
        switch (next.Kind)
        {
            case RoomEventKind.Open:
                _onOpen.Notify(next, static (listener, _) => listener(), _listenerFailed);
                break;
            case RoomEventKind.Join:
                _onJoin.Notify(next, static (listener, e) => listener(e.User!), _listenerFailed);
                break;
            case RoomEventKind.FinishLink:
                FinishLink(next.Attempt!);
                break;
            case RoomEventKind.Link:
                Welcome(next.User!, next.Connection!, next);
                _onLink.Notify(next, static (listener, e) => listener(e.User!, e.Connection!.Link!), _listenerFailed);
                break;
            case RoomEventKind.ReplaceSilent:
                ReplaceSilent();
                break;
            case RoomEventKind.HandlePending:
                HandlePending(next.Connection!);
                break;
            case RoomEventKind.Message:
                _onMessage.Notify(next, static (listener, e) => listener(e.User!, e.Message), _listenerFailed);
                if (_onMessageOf.TryGetValue(next.Message.Type, out var listeners))
                    listeners.Notify(next, static (listener, e) => listener(e.User!, e.Message), _listenerFailed);
                break;
            case RoomEventKind.RingAlarm:
                RingAlarm();
                break;
            case RoomEventKind.Unlink:
                _onUnlink.Notify(next, static (listener, e) => listener(e.User!, e.Reason), _listenerFailed);
                break;
            case RoomEventKind.SessionEnd:
                _onSessionEnd.Notify(next, static (listener, e) => listener(e.User!, e.SessionEnd), _listenerFailed);
                break;
            case RoomEventKind.Leave:
                _onLeave.Notify(next, static (listener, e) => listener(e.User!), _listenerFailed);
                break;
            case RoomEventKind.Close:
                _onClose.Notify(next, static (listener, _) => listener(), _listenerFailed);
                break;
        }
    }

    /// <summary>Has a newcomer sent what it has to know, and tells it when that was all; who goes on where it left off knows it.</summary>
    private void Welcome(KrmxUser user, RoomConnection newcomer, in RoomEvent link)
    {
        if (newcomer.Link!.IsRecovered)
            return;
        _onWelcome.Notify(link, static (listener, e) => listener(e.User!), _listenerFailed);
        if (!newcomer.HasPresence || newcomer.User != user)
            return;
        _effects.Send(newcomer.Id, Frames.Ready);
        BeginCounting(user);
    }

    /// <summary>The extent of a call or an input; the outermost one ends by delivering the events.</summary>
    private readonly ref struct Scope
    {
        private readonly KrmxRoomCore _room;

        public Scope(KrmxRoomCore room)
        {
            _room = room;
            room._depth++;
        }

        public void Dispose()
        {
            if (_room._depth == 1)
                _room.Settle();
            _room._depth--;
        }
    }
}
