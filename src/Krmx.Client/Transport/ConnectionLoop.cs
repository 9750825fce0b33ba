using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Krmx.Client;
using Krmx.Links;
using Krmx.Protocol;
using Krmx.Turns;

namespace Krmx.Transport;

/// <summary>One call of connect and what follows: the connection, and those that replace it, until there is none any more.</summary>
/// <remarks>Belongs to the client's turns: every member is called in one.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Asked after the end too; without a timer it holds nothing.")]
internal sealed class ConnectionLoop(ClientHost host, Uri uri)
{
    private readonly SerialExecutor _turns = host.Turns;
    private readonly KrmxClientOptions _options = host.Options;
    private readonly Backoff _backoff = new(host.Options.Reconnect, host.Random);
    private readonly CancellationTokenSource _stop = new();
    private readonly Completion _ended = new();

    // Queries hold tickets: they do not belong in logs.
    private readonly string _server = uri.IsAbsoluteUri ? uri.GetLeftPart(UriPartial.Path) : uri.ToString();

    /// <summary>The open connection; null while there is none.</summary>
    public SocketTransport? Transport { get; private set; }

    /// <summary>Completes when there is no connection and none will be made.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Connects, and goes on until the end; never throws.</summary>
    /// <param name="connected">Told of the first connection.</param>
    public async Task RunAsync(Completion connected)
    {
        Session.Connecting();
        DialResult dialed = await DialAsync().In(_turns);
        if (dialed.Socket is null)
        {
            End();
            connected.Fail(dialed.Error!);
            return;
        }
        for (WebSocket? socket = dialed.Socket; socket is not null; socket = await RedialAsync().In(_turns))
        {
            if (!await ServeAsync(socket, connected).In(_turns))
                break;
        }
        End();
    }

    /// <summary>Closes the connection, or ends the making of one.</summary>
    public void Stop()
    {
        _stop.Cancel();
        Transport?.Close(WebSocketCloseStatus.NormalClosure, "disconnect");
    }

    /// <summary>Ends the connection without a word; what follows is up to the reconnect policy.</summary>
    public void Abort(Exception why) => Transport?.Abort(why);

    private IClientInput Session => host.Session;

    /// <summary>Lives through one connection.</summary>
    /// <returns>Whether to make another one.</returns>
    private async Task<bool> ServeAsync(WebSocket socket, Completion connected)
    {
        if (_stop.IsCancellationRequested)
        {
            socket.Dispose();
            connected.Fail(Stopped());
            return false;
        }
        var transport = new SocketTransport(socket, _options);
        Transport = transport;
        Log.Connected(host.Logger, _server);
        long openedAt = _options.TimeProvider.GetTimestamp();
        Session.Connected();
        connected.Succeed();
        host.Links.Connected();

        KrmxClose close = await transport.RunAsync(Receive).In(_turns);

        if (_options.TimeProvider.GetElapsedTime(openedAt) >= _options.Reconnect.MaxDelay)
            _backoff.Reset();
        bool reconnects = _options.Reconnect.Enabled && !_stop.IsCancellationRequested && !close.IsFinal;
        Log.Disconnected(host.Logger, _server, close, reconnects);
        host.LastClose = close;
        if (reconnects)
        {
            host.Links.Reconnecting(close);
            Session.Disconnected(reconnecting: true);
            Transport = null;
        }
        return reconnects;

        void Receive(InboundFrame frame) => _turns.Post(() =>
        {
            bool wasLinked = host.Client.Status == ClientStatus.Linked;
            Session.FrameReceived(frame);
            if (wasLinked && host.Client.Status == ClientStatus.Connected)
                host.Links.EndedByServer();
            transport.FrameHandled();
        });
    }

    /// <summary>Makes another connection.</summary>
    /// <returns>Its socket; null when that was given up, or stopped.</returns>
    private async Task<WebSocket?> RedialAsync()
    {
        while (_backoff.Attempts < (_options.Reconnect.MaxAttempts ?? int.MaxValue))
        {
            if (!await _options.TimeProvider.ElapseAsync(_backoff.Next(), _stop.Token).In(_turns))
                return null;
            DialResult dialed = await DialAsync().In(_turns);
            if (dialed.Socket is not null)
                return dialed.Socket;
            if (_stop.IsCancellationRequested)
                return null;
            Log.ReconnectFailed(host.Logger, _backoff.Attempts, _server, dialed.Error!.Message);
        }
        Log.ReconnectGivenUp(host.Logger, _server, _backoff.Attempts);
        return null;
    }

    /// <summary>Opens a WebSocket within the connect timeout; never throws.</summary>
    private async Task<DialResult> DialAsync()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<WebSocket> dialing = StartDialing(cancel.Token);
        try
        {
            Task<WebSocket> dialed = dialing.WaitAsync(_options.ConnectTimeout, _options.TimeProvider, cancel.Token);
            return new DialResult(await dialed.ConfigureAwait(false), null);
        }
        catch (Exception error)
        {
            cancel.Cancel();
            DisposeLater(dialing);
            return new DialResult(null, error switch
            {
                _ when _stop.IsCancellationRequested => Stopped(),
                TimeoutException => new KrmxTimeoutException("connect", _options.ConnectTimeout),
                KrmxDisconnectedException => error,
                _ => new KrmxDisconnectedException($"cannot connect to {_server}: {error.Message}", error),
            });
        }
    }

    private async Task<WebSocket> StartDialing(CancellationToken cancellationToken) =>
        await host.Dial(uri, _options, cancellationToken).ConfigureAwait(false);

    /// <summary>A dial that was given up may still succeed.</summary>
    private static void DisposeLater(Task<WebSocket> dialing)
    {
        dialing.Observe();
        dialing.ContinueWith(
            static late => late.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default).Observe();
    }

    private void End()
    {
        host.Links.Disconnecting();
        Session.Disconnected();
        Transport = null;
        _ended.Succeed();
    }

    private static KrmxDisconnectedException Stopped() => new("cannot connect: the client was disconnected");

    private readonly record struct DialResult(WebSocket? Socket, Exception? Error);
}
