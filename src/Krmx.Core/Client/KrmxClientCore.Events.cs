using System.Text.Json;
using Krmx.Client;

namespace Krmx;

// The events, delivered in the order of the changes; what a listener asks for takes effect at once and its events follow.
public partial class KrmxClientCore
{
    private readonly ListenerList<Action<ClientStatus>> _onStatus = new("status");
    private readonly ListenerList<Action> _onConnect = new("connect");
    private readonly ListenerList<Action> _onAccept = new("accept");
    private readonly ListenerList<Action<string>> _onReject = new("reject");
    private readonly ListenerList<Action<string>> _onJoin = new("join");
    private readonly ListenerList<Action<string>> _onLink = new("link");
    private readonly ListenerList<Action<KrmxMessage>> _onMessage = new("message");
    private readonly Dictionary<string, ListenerList<Action<KrmxMessage>>> _onMessageOf = new(StringComparer.Ordinal);
    private readonly ListenerList<Action<string>> _onUnlink = new("unlink");
    private readonly ListenerList<Action<string>> _onLeave = new("leave");
    private readonly ListenerList<Action<string, KrmxMeta?>> _onUserMeta = new("user metadata");
    private readonly ListenerList<Action<ClientUserCount>> _onUserCount = new("user count");
    private readonly ListenerList<Action> _onRecover = new("recover");
    private readonly ListenerList<Action<KrmxGap>> _onGap = new("gap");
    private readonly ListenerList<Action> _onClose = new("close");
    private readonly ListenerList<Action> _onForgone = new("forgone link");
    private readonly Queue<Action> _events = new();
    private bool _isSettling;

    /// <summary>Calls a listener when <see cref="Status"/> has changed.</summary>
    /// <param name="listener">Given the status it changed to.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnStatus(Action<ClientStatus> listener) => _onStatus.Add(listener);

    /// <summary>Calls a listener when a connection is open, the first one and every one made again.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnConnect(Action listener) => _onConnect.Add(listener);

    /// <summary>Calls a listener when the server has accepted a link; join and link events of all users follow.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnAccept(Action listener) => _onAccept.Add(listener);

    /// <summary>Calls a listener when the server has rejected a link, or a message.</summary>
    /// <param name="listener">Given the reason.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnReject(Action<string> listener) => _onReject.Add(listener);

    /// <summary>Calls a listener when the client hears of a user: one who joined, or was there before the link.</summary>
    /// <param name="listener">Given the username.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnJoin(Action<string> listener) => _onJoin.Add(listener);

    /// <summary>Calls a listener when the client hears that a user is linked; the own user is <see cref="Username"/>.</summary>
    /// <param name="listener">Given the username.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnLink(Action<string> listener) => _onLink.Add(listener);

    /// <summary>
    /// Calls a listener when a user is no longer linked; for the own user also when the connection was lost, unless the link goes on with the next one.
    /// </summary>
    /// <param name="listener">Given the username.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnUnlink(Action<string> listener) => _onUnlink.Add(listener);

    /// <summary>Calls a listener when a user has left; the own user left on request or was kicked.</summary>
    /// <param name="listener">Given the username.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnLeave(Action<string> listener) => _onLeave.Add(listener);

    /// <summary>
    /// Calls a listener when the client hears what everybody may know of a user beside its name: right after the user's join event, where there is
    /// something then, and when it has changed. Protocol section 10.
    /// </summary>
    /// <param name="listener">Given the username, and its metadata; null for none any more.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnUserMeta(Action<string, KrmxMeta?> listener) => _onUserMeta.Add(listener);

    /// <summary>
    /// Calls a listener when the link goes on with another connection where it left off: what was missed comes next, and what was sent meanwhile
    /// arrives. Protocol section 10.
    /// </summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnRecover(Action listener) => _onRecover.Add(listener);

    /// <summary>Calls a listener when <see cref="UserCount"/> has changed. Protocol section 10.</summary>
    /// <param name="listener">Given how many users there are.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnUserCount(Action<ClientUserCount> listener) => _onUserCount.Add(listener);

    /// <summary>
    /// Calls a listener when the link could not go on where it left off: messages of the server are missed, or it is not known what became of own ones.
    /// Comes before every event that follows from it; the client is then linked anew, and told how things are, or is not linked. Protocol section 10.
    /// </summary>
    /// <param name="listener">Given what is not known.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnGap(Action<KrmxGap> listener) => _onGap.Add(listener);

    /// <summary>Calls a listener when a connection that was open is no more.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnClose(Action listener) => _onClose.Add(listener);

    /// <summary>Calls a listener when a link that ended, and was to be made anew, is not.</summary>
    internal IDisposable OnForgone(Action listener) => _onForgone.Add(listener);

    /// <summary>Calls a listener for every message of the application.</summary>
    /// <param name="listener">Given the message. Called before the listeners of the message's type.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnMessage(Action<KrmxMessage> listener) => _onMessage.Add(listener);

    /// <summary>Calls a listener for every message of one type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="listener">Given the message.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    /// <exception cref="ArgumentException">The type belongs to the protocol, so no such message can come.</exception>
    public IDisposable OnMessage(string type, Action<KrmxMessage> listener)
    {
        KrmxMessage.DemandCustom(type);
        lock (_onMessageOf)
        {
            if (!_onMessageOf.TryGetValue(type, out ListenerList<Action<KrmxMessage>>? listeners))
                _onMessageOf.Add(type, listeners = new ListenerList<Action<KrmxMessage>>("message"));
            return listeners.Add(listener);
        }
    }

    /// <summary>Calls a listener for every message of one type, with its payload read.</summary>
    /// <param name="type">The type.</param>
    /// <param name="listener">
    /// Given the payload. Not called for a payload that is absent, <c>null</c> or no <typeparamref name="T"/>: that is logged.
    /// </param>
    /// <returns>Ends the subscription when disposed.</returns>
    /// <exception cref="ArgumentException">The type belongs to the protocol, so no such message can come.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="T"/>.</exception>
    public IDisposable OnMessage<T>(string type, Action<T> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var payloads = KrmxJson.TypeInfo<T>(_json);
        return OnMessage(type, message =>
        {
            if (message.TryDeserialize(payloads, out T? payload, out JsonException? error))
                listener(payload);
            else
                _output.PayloadRefused(type, error);
        });
    }

    private void NotifyUser(ListenerList<Action<string>> listeners, string username) =>
        _events.Enqueue(() => listeners.Notify(username, static (listener, name) => listener(name), _output.ListenerFailed));

    private void NotifyMeta(string username, KrmxMeta? meta) => _events.Enqueue(() =>
        _onUserMeta.Notify((username, meta), static (listener, user) => listener(user.username, user.meta), _output.ListenerFailed));

    private void NotifyClosed() =>
        _events.Enqueue(() => _onClose.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));

    private void NotifyReject(string reason) => NotifyUser(_onReject, reason);

    private void NotifyMessage(in KrmxMessage message)
    {
        _onMessage.Notify(message, static (listener, m) => listener(m), _output.ListenerFailed);
        ListenerList<Action<KrmxMessage>>? listeners;
        lock (_onMessageOf)
            _onMessageOf.TryGetValue(message.Type, out listeners);
        listeners?.Notify(message, static (listener, m) => listener(m), _output.ListenerFailed);
    }

    /// <summary>Delivers the events; a call from inside a listener leaves that to the delivery under way.</summary>
    private void Settle()
    {
        if (_isSettling)
            return;
        _isSettling = true;
        while (_events.Count > 0)
            _events.Dequeue()();
        _isSettling = false;
    }
}
