using System.Runtime.CompilerServices;
using Krmx.Client;
using Krmx.Links;
using Krmx.Transport;

namespace Krmx;

/// <summary>A client over a WebSocket: it links to a user, and after a drop comes back and links again by itself.</summary>
/// <remarks>
/// <para>
/// Every listener is called on the synchronization context the client was made on, such as the thread of a user interface, and on the
/// thread pool where there was none; never two at a time. Members may be called from any thread, also from inside listeners, where they
/// take effect at once. A listener must not block on a task of its client: await it.
/// </para>
/// <para>
/// After a drop <see cref="KrmxClientCore.Status"/> is <see cref="ClientStatus.Reconnecting"/> until there is a connection again, or
/// <see cref="ReconnectOptions.MaxAttempts"/> have failed. A client that was linked then goes on where it left off, or links anew
/// (<see cref="KrmxClientCore.OnRecover"/>, <see cref="KrmxClientCore.OnGap"/>), unless its user was unlinked, kicked or taken over before. A server that closes lets all users leave and then says 1001, or 1012 when its process stops: that is a drop too.
/// A close with 1002, 1003, 1007, 1008 or 1009 is final, since the next connection would end alike.
/// </para>
/// <para>Every task completes: with the answer, or with one of the exceptions named.</para>
/// </remarks>
public sealed partial class KrmxClient : KrmxClientCore, IAsyncDisposable
{
    private readonly ClientDriver _driver;

    /// <summary>Makes a client that is not connected.</summary>
    /// <param name="options">What it allows. Default: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public KrmxClient(KrmxClientOptions? options = null)
        : this(options, SocketDialer.DialAsync)
    {
    }

    internal KrmxClient(KrmxClientOptions? options, Dialer dial)
        : this(new ClientDriver(options ?? new KrmxClientOptions(), dial))
    {
    }

    private KrmxClient(ClientDriver driver)
        : base(driver, driver.Options.Json)
    {
        _driver = driver;
        driver.Attach(this);
    }

    /// <summary>How the last connection ended; null while none has.</summary>
    public KrmxClose? LastClose => _driver.LastClose;

    /// <summary>Makes a connection.</summary>
    /// <param name="uri">The server's address, with the scheme <c>ws</c> or <c>wss</c>.</param>
    /// <param name="cancellationToken">Ends the attempt; the client is disconnected again then.</param>
    /// <exception cref="KrmxDisconnectedException">The connection could not be made: a bad address, no server, a refusal.</exception>
    /// <exception cref="KrmxTimeoutException">It took longer than <see cref="ClientTimeouts.Connect"/>.</exception>
    /// <exception cref="KrmxException">The client is not disconnected.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task ConnectAsync(Uri uri, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return _driver.ConnectAsync(uri, cancellationToken);
    }

    /// <summary>Makes a connection.</summary>
    /// <inheritdoc cref="ConnectAsync(Uri, CancellationToken)"/>
    public Task ConnectAsync(string uri, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return Uri.TryCreate(uri, UriKind.RelativeOrAbsolute, out Uri? parsed)
            ? ConnectAsync(parsed, cancellationToken)
            : Task.FromException(new KrmxDisconnectedException($"cannot connect: '{uri}' is no address"));
    }

    /// <summary>Links to a user; the same proof is sent when the client links again after a drop.</summary>
    /// <param name="username">The user to be.</param>
    /// <param name="auth">What proves it to the server; null for nothing.</param>
    /// <param name="cancellationToken">
    /// Ends the waiting. The server may accept nevertheless: the client then unlinks again. Until the server has answered, it can ask for
    /// no other link.
    /// </param>
    /// <returns>
    /// Completes when the client is linked. From a server of this library it has been sent all that a newcomer is by then: who is here, and the first
    /// value of each shared state that was attached before. Protocol sections 4 and 10.
    /// </returns>
    /// <exception cref="KrmxLinkRejectedException">The server rejected the link.</exception>
    /// <exception cref="KrmxDisconnectedException">The connection was lost before the server answered.</exception>
    /// <exception cref="KrmxTimeoutException">
    /// The server did not answer within <see cref="ClientTimeouts.Request"/>; the connection is given up.
    /// </exception>
    /// <exception cref="KrmxException">The client is not connected, or linked already.</exception>
    /// <exception cref="ArgumentException">The username or the proof has a lone surrogate.</exception>
    [OverloadResolutionPriority(1)] // a literal null is no proof, not no factory
    public Task LinkAsync(string username, string? auth = null, CancellationToken cancellationToken = default) =>
        LinkAsync(username, _ => new ValueTask<string?>(auth), cancellationToken);

    /// <summary>Links to a user with a proof that is asked for at this link and whenever the client links again.</summary>
    /// <param name="username">The user to be.</param>
    /// <param name="auth">
    /// Gives what proves it to the server, such as a fresh token; null for nothing. What it throws fails this task; when linking again,
    /// it is asked again for <see cref="ReconnectOptions.RelinkTimeout"/>. Its token is cancelled when the link is not wanted any more.
    /// </param>
    /// <param name="cancellationToken">As with a fixed proof.</param>
    /// <inheritdoc cref="LinkAsync(string, string, CancellationToken)"/>
    public Task LinkAsync(
        string username, Func<CancellationToken, ValueTask<string?>> auth, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(auth);
        return _driver.LinkAsync(new WantedLink(username, auth), cancellationToken);
    }

    /// <summary>Ends the link; the user stays on the server, the connection open. While linking again after a drop, ends that.</summary>
    /// <param name="cancellationToken">Ends the waiting, not what was asked.</param>
    /// <exception cref="KrmxDisconnectedException">The connection was lost before the server answered.</exception>
    /// <exception cref="KrmxTimeoutException">
    /// The server did not answer within <see cref="ClientTimeouts.Request"/>; the connection is given up.
    /// </exception>
    /// <exception cref="KrmxException">The client is not linked.</exception>
    public Task UnlinkAsync(CancellationToken cancellationToken = default) => _driver.UnlinkAsync(cancellationToken);

    /// <summary>Ends the link and removes the user from the server; the connection stays open.</summary>
    /// <param name="cancellationToken">Ends the waiting, not what was asked.</param>
    /// <exception cref="KrmxDisconnectedException">The connection was lost before the server answered.</exception>
    /// <exception cref="KrmxTimeoutException">
    /// The server did not answer within <see cref="ClientTimeouts.Request"/>; the connection is given up.
    /// </exception>
    /// <exception cref="KrmxException">The client is not linked, or the server had ended the link already: the user stays.</exception>
    public Task LeaveAsync(CancellationToken cancellationToken = default) => _driver.LeaveAsync(cancellationToken);

    /// <summary>Sends a message of the application.</summary>
    /// <param name="message">The message.</param>
    /// <returns>
    /// Completes when the message is on its way; messages keep their order without awaiting it. On a link with a session the client keeps the message until the
    /// server has handled it, and completes when half of <see cref="ClientLimits.MaxQueuedBytes"/> or less is kept; without one, when the message is with
    /// the operating system.
    /// </returns>
    /// <exception cref="KrmxException">The client is not linked, or the type belongs to the protocol.</exception>
    /// <exception cref="KrmxQueueFullException">
    /// <see cref="ClientLimits.MaxQueuedBytes"/> wait to be sent, or to be confirmed by the server; nothing was sent.
    /// </exception>
    /// <exception cref="KrmxDisconnectedException">The connection was lost before the message was sent, on a link without a session.</exception>
    public Task SendAsync(KrmxMessage message) => _driver.SendAsync(message);

    /// <summary>Sends a message without a payload.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <inheritdoc cref="SendAsync(KrmxMessage)"/>
    public Task SendAsync(string type) => SendAsync(new KrmxMessage(type));

    /// <summary>Sends a message with a payload, written with <see cref="KrmxClientOptions.Json"/>.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <param name="payload">The payload; <c>null</c> is sent as JSON <c>null</c>.</param>
    /// <inheritdoc cref="SendAsync(KrmxMessage)"/>
    public Task SendAsync<T>(string type, T payload) => SendAsync(KrmxMessage.Create(type, payload, _driver.Options.Json));

    /// <summary>
    /// Sends a message that may be lost: a cursor, that somebody is typing. It is lost where the connection is away, or what was sent before has not gone.
    /// Protocol section 10.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <returns>Completes when it is on its way, or lost.</returns>
    /// <exception cref="KrmxException">The client is not linked, or the type belongs to the protocol.</exception>
    public Task SendVolatileAsync(KrmxMessage message) => _driver.SendVolatileAsync(message);

    /// <summary>Sends a message that may be lost, without a payload.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <inheritdoc cref="SendVolatileAsync(KrmxMessage)"/>
    public Task SendVolatileAsync(string type) => SendVolatileAsync(new KrmxMessage(type));

    /// <summary>Sends a message that may be lost, with a payload, written with <see cref="KrmxClientOptions.Json"/>.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <param name="payload">The payload; <c>null</c> is sent as JSON <c>null</c>.</param>
    /// <inheritdoc cref="SendVolatileAsync(KrmxMessage)"/>
    public Task SendVolatileAsync<T>(string type, T payload) => SendVolatileAsync(KrmxMessage.Create(type, payload, _driver.Options.Json));

#if NET
    /// <summary>Sends a message, written with <see cref="KrmxClientOptions.Json"/>.</summary>
    /// <inheritdoc cref="SendAsync(KrmxMessage)"/>
    public Task SendAsync<T>(T message)
        where T : IKrmxMessage =>
        SendAsync(T.Type, message);

    /// <summary>Sends a message that may be lost, written with <see cref="KrmxClientOptions.Json"/>.</summary>
    /// <inheritdoc cref="SendVolatileAsync(KrmxMessage)"/>
    public Task SendVolatileAsync<T>(T message)
        where T : IKrmxMessage =>
        SendVolatileAsync(T.Type, message);

    /// <summary>Calls a listener for every message of one type, with its payload read.</summary>
    /// <param name="listener">Given the payload; it is not awaited before the next one. What it throws is logged.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnMessage<T>(Func<T, Task> listener)
        where T : IKrmxMessage =>
        OnMessage(T.Type, listener);
#endif

    /// <summary>Closes the connection, after what was sent, or ends the making of one; without a connection does nothing.</summary>
    /// <param name="cancellationToken">Ends the waiting for the server's goodbye; the connection is cut then.</param>
    public Task DisconnectAsync(CancellationToken cancellationToken = default) => _driver.DisconnectAsync(cancellationToken);

    /// <summary>Calls a listener for every message of the application.</summary>
    /// <param name="listener">Given the message; it is not awaited before the next one. What it throws is logged.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnMessage(Func<KrmxMessage, Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnMessage(message => _driver.Watch(listener(message)));
    }

    /// <summary>Calls a listener for every message of one type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="listener">Given the message; it is not awaited before the next one. What it throws is logged.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    /// <exception cref="ArgumentException">The type belongs to the protocol, so no such message can come.</exception>
    public IDisposable OnMessage(string type, Func<KrmxMessage, Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnMessage(type, message => _driver.Watch(listener(message)));
    }

    /// <summary>Calls a listener for every message of one type, with its payload read.</summary>
    /// <param name="type">The type.</param>
    /// <param name="listener">Given the payload; it is not awaited before the next one. What it throws is logged.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    /// <exception cref="ArgumentException">The type belongs to the protocol, so no such message can come.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="T"/>.</exception>
    public IDisposable OnMessage<T>(string type, Func<T, Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnMessage<T>(type, payload => _driver.Watch(listener(payload)));
    }

    /// <inheritdoc/>
    protected override void RunSerially(Action action) => _driver.Executor.Run(action);

    /// <summary>Closes the connection and ends all that waits; the client can connect no more.</summary>
    public async ValueTask DisposeAsync() => await _driver.DisposeAsync().ConfigureAwait(false);
}
