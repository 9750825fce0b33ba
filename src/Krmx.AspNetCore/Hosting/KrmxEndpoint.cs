using System.Collections.Concurrent;
using Krmx.Connections;
using Krmx.Diagnostics;
using Krmx.Rooms;
using Krmx.Server;
using Microsoft.AspNetCore.Http;

namespace Krmx.Hosting;

/// <summary>One mapped route: admits connections, brings each to its room, and keeps watch over both.</summary>
internal sealed class KrmxEndpoint : IAsyncDisposable
{
    private readonly string[] _roomParameters;
    private readonly KrmxOptions _options;
    private readonly RoomDirectory _directory;
    private readonly RoomEnvironment _environment;
    private readonly ConcurrentDictionary<ConnectionId, SocketConnection> _connections = [];
    private readonly ITimer _heartbeat;
    private Task? _closed;
    private long _lastConnection;

    public KrmxEndpoint(string[] roomParameters, KrmxOptions options, RoomDirectory directory, RoomEnvironment environment)
    {
        _roomParameters = roomParameters;
        _options = options;
        _directory = directory;
        _environment = environment;
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
            _directory.Enter(""); // and never left: it stays until the end
        TimeSpan period = Period(_options);
        _heartbeat.Change(period, period);
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
        string name = string.Join('/', _roomParameters.Select(parameter => context.Request.RouteValues[parameter]));
        if (TryEnter(name) is KrmxRoom room)
            return ServeAsync(context, room);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private async Task CloseRoomsAsync(CloseCode code, CancellationToken cancellationToken)
    {
        // Once for goodbyes, once for async listeners.
        TimeSpan limit = (2 * _options.CloseTimeout) + Period(_options);
        try
        {
            await _directory.CloseAsync(code).WaitAsync(limit, _environment.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            foreach (KrmxRoom room in Rooms.Where(room => room.Status != ServerStatus.Closed))
                KrmxLog.CloseGivenUp(_environment.Logger, room.Label);

            // A room that is blocked can tell its connections nothing. The watch ends those that do not answer.
            foreach ((_, SocketConnection connection) in _connections)
                connection.Close(code, "server is closing");
        }
    }

    private KrmxRoom? TryEnter(string name)
    {
        try
        {
            return _directory.Enter(name);
        }
        catch (Exception error)
        {
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
            // The framework's own pings are off: the heartbeat pings, for all connections with one timer.
            using var socket = await context.WebSockets
                .AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan }).ConfigureAwait(false);
            ConnectionStream stream = context.Features.Get<UpgradeInterceptor>()!.Stream!;
            var connection = new SocketConnection(id, room, request, socket, stream, _environment.Time);
            _connections[id] = connection;
            if (IsExpected(context.Request))
                await connection.RunAsync().ConfigureAwait(false);
            else
                await connection.RefuseAsync(CloseCode.PolicyViolation, "unexpected query parameters").ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(id, out _);
            request.End();
            _directory.Leave(room);
        }
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
        foreach ((_, SocketConnection connection) in _connections)
            connection.CheckLiveness(_options);
        _directory.CloseIdle();
    }
}
