using System.Collections.Concurrent;
using System.Net.WebSockets;
using Krmx.Connections;
using Krmx.Diagnostics;
using Krmx.Limits;
using Krmx.Rooms;
using Microsoft.AspNetCore.Http;

namespace Krmx.Hosting;

/// <summary>One mapped route: admits connections, brings each to its room, and keeps watch over both.</summary>
internal sealed class KrmxEndpoint : IAsyncDisposable
{
    /// <summary>How many refused clients may be told so at a time.</summary>
    private const int MaxRefusing = 1000;

    private readonly string[] _roomParameters;
    private readonly KrmxOptions _options;
    private readonly EndpointLoad _load;
    private readonly RoomDirectory _directory;
    private readonly RoomEnvironment _environment;
    private readonly ConcurrentDictionary<ConnectionId, GatewayConnection> _connections = [];
    private readonly TimeSpan _period;
    private readonly int _patience;
    private readonly ITimer _heartbeat;
    private Task? _closed;
    private long _lastConnection;
    private long _lastBeat;
    private int _refusing;

    public KrmxEndpoint(string[] roomParameters, KrmxOptions options, EndpointLoad load, RoomDirectory directory, RoomEnvironment environment)
    {
        _roomParameters = roomParameters;
        _options = options;
        _load = load;
        _directory = directory;
        _environment = environment;
        _period = Period(options);
        _patience = (int)Math.Ceiling(options.PingTimeout / _period);
        _heartbeat = environment.Time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IReadOnlyCollection<KrmxRoom> Rooms => _directory.Rooms;

    /// <summary>Puts the connection's stream under the WebSocket that the framework is about to make.</summary>
    public void Prepare(HttpContext context) =>
        UpgradeInterceptor.Install(
            context, (stream, socket) => new ConnectionStream(stream, socket, _options.MaxQueuedBytes, _environment.Time));

    /// <summary>Starts the watch; a route without rooms has its one room from here on.</summary>
    /// <param name="port">The port the rooms are told they listen on.</param>
    public void Start(int port)
    {
        _directory.Port = port;
        if (_roomParameters.Length == 0)
            _directory.Enter("", out _); // and never left: it stays until the end
        _heartbeat.Change(_period, _period);
    }

    /// <summary>Closes every room and waits for their connections and listeners, as long as these may take; the first call counts.</summary>
    /// <param name="code">What connections are told.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public Task CloseAsync(CloseCode code, CancellationToken cancellationToken) => _closed ??= CloseRoomsAsync(code, cancellationToken);

    /// <summary>Ends the watch; not before the last connection has gone, those included that no room knows (any more).</summary>
    public ValueTask DisposeAsync() => _heartbeat.DisposeAsync();

    /// <summary>Serves one request, from handshake to end.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("This is a Krmx endpoint: connect to it with a WebSocket.");
        }
        if (!IsExpected(context.Request))
            return RefuseAsync(context, RefusalReason.UnexpectedQuery);
        if (_load.TryEnter() is RefusalReason reason)
            return RefuseAsync(context, reason);
        string name = string.Join('/', _roomParameters.Select(parameter => context.Request.RouteValues[parameter]));
        if (TryEnter(name, out bool isFull) is KrmxRoom room)
            return ServeAsync(context, room);
        _load.Leave();
        return isFull ? RefuseAsync(context, RefusalReason.TooManyRooms) : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable);
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private async Task CloseRoomsAsync(CloseCode code, CancellationToken cancellationToken)
    {
        // Once for goodbyes, once for async listeners.
        TimeSpan limit = (2 * _options.CloseTimeout) + _period;
        try
        {
            await _directory.CloseAsync(code).WaitAsync(limit, _environment.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            foreach (KrmxRoom room in Rooms.Where(room => room.Status != RoomStatus.Closed))
                KrmxLog.CloseGivenUp(_environment.Logger, room.Label);

            // A room that is blocked can tell its connections nothing. The watch ends those that do not answer.
            foreach ((_, GatewayConnection connection) in _connections)
                connection.Close(code, "server is closing");
        }
    }

    private KrmxRoom? TryEnter(string name, out bool isFull)
    {
        try
        {
            return _directory.Enter(name, out isFull);
        }
        catch (Exception error)
        {
            isFull = false;
            KrmxLog.RoomFailed(_environment.Logger, _directory.Label(name), error);
            return null;
        }
    }

    private async Task ServeAsync(HttpContext context, KrmxRoom room)
    {
        var request = new ConnectionRequest(context);
        var id = new ConnectionId(Interlocked.Increment(ref _lastConnection));
        try
        {
            (WebSocket socket, ConnectionStream stream) = await AcceptAsync(context).ConfigureAwait(false);
            using (socket)
            {
                var connection = new GatewayConnection(id, room, request, socket, stream, _environment.Time);
                _connections[id] = connection;
                await connection.RunAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _connections.TryRemove(id, out _);
            request.End();
            _load.Leave(room);
            _directory.Leave(room);
        }
    }

    /// <summary>Tells a client why it is not served; where even that takes too many connections, by the handshake's status.</summary>
    private async Task RefuseAsync(HttpContext context, RefusalReason reason)
    {
        bool isTold = Interlocked.Increment(ref _refusing) <= MaxRefusing;
        try
        {
            _environment.Metrics.Refused(reason);
            KrmxLog.Refused(_environment.Logger, _directory.Label(""), reason);
            ReportRefusal(context, reason);
            if (!isTold)
            {
                await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
                return;
            }
            (WebSocket socket, ConnectionStream stream) = await AcceptAsync(context).ConfigureAwait(false);
            (CloseCode code, string description) = reason switch
            {
                RefusalReason.UnexpectedQuery => (CloseCode.PolicyViolation, "unexpected query parameters"),
                RefusalReason.TooManyRooms => (CloseCode.TryAgainLater, "too many rooms"),
                _ => (CloseCode.TryAgainLater, "too many connections"),
            };
            using (socket)
                await RefusedConnection.CloseAsync(socket, stream, context, code, description, _options.CloseTimeout, _environment.Time).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _refusing);
        }
    }

    private void ReportRefusal(HttpContext context, RefusalReason reason)
    {
        try
        {
            _options.OnRefused?.Invoke(new KrmxRefusal(reason, ConnectionFacts.Of(context)));
        }
        catch (Exception error)
        {
            KrmxLog.HandlerFailed(_environment.Logger, _directory.Label(""), error);
        }
    }

    /// <summary>The framework's own pings are off: the heartbeat pings, for all connections with one timer.</summary>
    private static async Task<(WebSocket Socket, ConnectionStream Stream)> AcceptAsync(HttpContext context)
    {
        WebSocket socket = await context.WebSockets
            .AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan }).ConfigureAwait(false);
        return (socket, context.Features.Get<UpgradeInterceptor>()!.Stream!);
    }

    private bool IsExpected(HttpRequest request)
    {
        foreach ((string parameter, QueryRule rule) in _options.ExpectedQuery)
        {
            if (!rule.Allows(request.Query.TryGetValue(parameter, out var value) ? value.ToString() : null))
                return false;
        }
        return true;
    }

    /// <summary>Often enough that a ping, a close or a room is late by a quarter of its time at most.</summary>
    private static TimeSpan Period(KrmxOptions options)
    {
        TimeSpan shortest = TimeSpan.FromSeconds(4);
        foreach (TimeSpan time in new[] { options.PingInterval, options.PingTimeout, options.CloseTimeout, options.RoomIdleTimeout })
        {
            if (time > TimeSpan.Zero && time < shortest)
                shortest = time;
        }
        return TimeSpan.FromMilliseconds(Math.Max(10, shortest.TotalMilliseconds / 4));
    }

    private void Beat()
    {
        // Where the process stood still, the beats of that time may come all at once now; they are one.
        long last = Volatile.Read(ref _lastBeat);
        long now = _environment.Time.GetTimestamp();
        if (_environment.Time.GetElapsedTime(last, now) < _period / 2 || Interlocked.CompareExchange(ref _lastBeat, now, last) != last)
            return;
        foreach ((_, GatewayConnection connection) in _connections)
            connection.CheckLiveness(_options, _patience);
        _directory.CloseIdle();
    }
}
