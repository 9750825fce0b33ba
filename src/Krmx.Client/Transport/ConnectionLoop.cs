using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Krmx.Client;
using Krmx.Execution;
using Krmx.Links;
using Krmx.Protocol;

namespace Krmx.Transport;

/// <summary>One call of connect and what follows: the connection, and those that replace it, until there is none any more.</summary>
/// <remarks>Every member is called on the client's executor.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Asked after the end too; without a timer it holds nothing.")]
internal sealed class ConnectionLoop(ClientDriver driver, Uri uri)
{
    private readonly SerialExecutor _executor = driver.Executor;
    private readonly KrmxClientOptions _options = driver.Options;
    private readonly Backoff _backoff = new(driver.Options.Reconnect, driver.Random);
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
        Core.Connecting();
        DialResult dialed = await DialAsync().On(_executor);
        if (dialed.Socket is null)
        {
            End();
            connected.Fail(dialed.Error!);
            return;
        }
        for (WebSocket? socket = dialed.Socket; socket is not null; socket = await RedialAsync().On(_executor))
        {
            if (!await ServeAsync(socket, connected).On(_executor))
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

    private IClientInput Core => driver.Core;

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
        Log.Connected(driver.Logger, _server);
        long openedAt = _options.TimeProvider.GetTimestamp();
        Core.Connected();
        connected.Succeed();
        driver.Links.Connected();

        KrmxClose close = await transport.RunAsync(Receive).On(_executor);

        if (_options.TimeProvider.GetElapsedTime(openedAt) >= _options.Reconnect.MaxDelay)
            _backoff.Reset();
        bool reconnects = _options.Reconnect.Enabled && !_stop.IsCancellationRequested && !close.IsFinal;
        Log.Disconnected(driver.Logger, _server, close, reconnects);
        driver.LastClose = close;
        if (reconnects)
        {
            driver.Links.Dropped(close);
            Core.Lost(relinks: driver.Links.IsComingBack);
            Transport = null;
        }
        return reconnects;

        void Receive(InboundFrame frame) => _executor.Post(() =>
        {
            Core.FrameReceived(frame);
            transport.FrameHandled();
        });
    }

    /// <summary>Makes another connection.</summary>
    /// <returns>Its socket; null when that was given up, or stopped.</returns>
    private async Task<WebSocket?> RedialAsync()
    {
        while (_backoff.Attempts < (_options.Reconnect.MaxAttempts ?? int.MaxValue))
        {
            if (!await _options.TimeProvider.ElapseAsync(_backoff.Next(), _stop.Token).On(_executor))
                return null;
            DialResult dialed = await DialAsync().On(_executor);
            if (dialed.Socket is not null)
                return dialed.Socket;
            if (_stop.IsCancellationRequested)
                return null;
            Log.ReconnectFailed(driver.Logger, _backoff.Attempts, _server, dialed.Error!.Message);
        }
        Log.ReconnectGivenUp(driver.Logger, _server, _backoff.Attempts);
        return null;
    }

    /// <summary>Opens a WebSocket within the connect timeout; never throws.</summary>
    private async Task<DialResult> DialAsync()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<WebSocket> dialing = StartDialing(cancel.Token);
        try
        {
            Task<WebSocket> dialed = dialing.WaitAsync(_options.Timeouts.Connect, _options.TimeProvider, cancel.Token);
            return new DialResult(await dialed.ConfigureAwait(false), null);
        }
        catch (Exception error)
        {
            cancel.Cancel();
            DisposeLater(dialing);
            return new DialResult(null, error switch
            {
                _ when _stop.IsCancellationRequested => Stopped(),
                TimeoutException => new KrmxTimeoutException("connect", _options.Timeouts.Connect),
                KrmxDisconnectedException => error,
                _ => new KrmxDisconnectedException($"cannot connect to {_server}: {error.Message}", error)
                {
                    IsTransient = error is not (ArgumentException or InvalidOperationException or NotSupportedException), // no such address
                },
            });
        }
    }

    private async Task<WebSocket> StartDialing(CancellationToken cancellationToken) =>
        await driver.Dial(uri, _options, cancellationToken).ConfigureAwait(false);

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
        driver.Links.Gone();
        Core.Disconnected();
        Transport = null;
        _ended.Succeed();
    }

    private static KrmxDisconnectedException Stopped() => new("cannot connect: the client was disconnected");

    private readonly record struct DialResult(WebSocket? Socket, Exception? Error);
}
