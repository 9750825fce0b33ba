using System.Net.WebSockets;
using System.Security.Cryptography;
using Krmx.Connections;
using Krmx.Diagnostics;
using Krmx.Limits;
using Krmx.Rooms;
using Krmx.Storage;
using Microsoft.AspNetCore.Http;

namespace Krmx.Hosting;

/// <summary>One mapped route: admits connections and brings each to its room.</summary>
internal sealed class KrmxEndpoint : IAsyncDisposable
{
    private readonly string[] _roomParameters;
    private readonly KrmxOptions _options;
    private readonly EndpointLoad _load;
    private readonly RoomRoute _route;
    private readonly Refusals _refusals;
    private readonly ConnectionWatch _watch;
    private readonly EndpointEnvironment _environment;
    private readonly RoomTender? _tender; // null where rooms are not stored

    // Like no other endpoint's, not even this one's after a restart.
    private readonly long _gateway = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private Task? _closed;
    private long _lastConnection;

    public KrmxEndpoint(string[] roomParameters, KrmxOptions options, EndpointLoad load, RoomRoute route, EndpointEnvironment environment)
    {
        _roomParameters = roomParameters;
        _options = options;
        _load = load;
        _route = route;
        _environment = environment;
        _refusals = new Refusals(options, route.Pattern, environment);
        _tender = route.Maker.Storage is RouteStorage storage ? new RoomTender(storage, route.Directory, environment.Rooms) : null;
        _watch = new ConnectionWatch(options, environment.Rooms.Time, route.Directory.CloseIdle);
    }

    /// <summary>Puts the connection's stream under the WebSocket that the framework is about to make.</summary>
    public void Prepare(HttpContext context) =>
        UpgradeInterceptor.Install(
            context, (stream, socket) => new ConnectionStream(stream, socket, _options.Connections.MaxQueuedBytes, _environment.Rooms.Time));

    /// <summary>Starts the watch; a route without rooms has its one room from here on.</summary>
    /// <exception cref="Exception">What the application's own code threw when it set up or opened that room.</exception>
    public async Task StartAsync()
    {
        _watch.Start();

        if (_roomParameters.Length > 0)
        {
            _tender?.Start();
            return;
        }

        // Entered and never left: it stays until the end.
        RoomVisit<RunningRoom> visit = await _route.Directory.EnterAsync("", isWanted: true).ConfigureAwait(false);
        if (visit.Room is null)
            throw KrmxRooms.Failure(visit, $"cannot open {_route.Pattern}");
    }

    /// <summary>Closes every room and waits for their connections and listeners, as long as these may take; the first call counts.</summary>
    /// <param name="code">What connections are told.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public Task CloseAsync(CloseCode code, CancellationToken cancellationToken) => _closed ??= CloseRoomsAsync(code, cancellationToken);

    /// <summary>Ends the watch; not before the last connection has gone, those included that no room knows (any more).</summary>
    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    /// <summary>Serves one request, from handshake to end.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("This is a Krmx endpoint: connect to it with a WebSocket.").ConfigureAwait(false);
            return;
        }
        if (!_options.Connections.Expects(context.Request.Query))
        {
            await _refusals.RefuseAsync(context, RefusalReason.UnexpectedQuery).ConfigureAwait(false);
            return;
        }
        if (_load.TryEnter(context.Connection.RemoteIpAddress, out RefusalReason reason) is not Admission admission)
        {
            await _refusals.RefuseAsync(context, reason).ConfigureAwait(false);
            return;
        }
        string name = string.Join('/', _roomParameters.Select(parameter => context.Request.RouteValues[parameter]));
        if (!admission.TryEnterRoom(name))
        {
            admission.Leave();
            await _refusals.RefuseAsync(context, RefusalReason.TooManyRoomsFromAddress).ConfigureAwait(false);
            return;
        }
        RoomVisit<RunningRoom> visit = await _route.Directory.EnterAsync(name, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        if (visit.Room is RunningRoom room)
        {
            await ServeAsync(context, room, visit.Slot!, admission).ConfigureAwait(false);
            return;
        }
        admission.Leave();
        if (visit.Why == NoRoom.TooMany)
            await _refusals.RefuseAsync(context, RefusalReason.TooManyRooms).ConfigureAwait(false);
        else
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    private async Task CloseRoomsAsync(CloseCode code, CancellationToken cancellationToken)
    {
        if (_tender is not null)
            await _tender.DisposeAsync().ConfigureAwait(false);

        // Once for goodbyes, once for async listeners.
        TimeSpan limit = (2 * _options.Rooms.CloseTimeout) + _watch.Period;
        try
        {
            await _route.Directory.ShutDownAsync(code).WaitAsync(limit, _environment.Rooms.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            foreach (string name in _route.Directory.Names)
                RoomLog.CloseGivenUp(_environment.Rooms.Logger, _route.Label(name));

            // A room that is blocked can tell its connections nothing. The watch ends those that do not answer.
            foreach (GatewayConnection connection in _watch.Connections)
                connection.Close(code, "server is closing");
        }
    }

    private async Task ServeAsync(HttpContext context, RunningRoom room, RoomSlot<RunningRoom> slot, Admission admission)
    {
        var request = new ConnectionRequest(context);
        var connections = (RoomConnections)room.Gateway;
        KrmxConnectionInfo facts = room.Room.AsksAuthentication ? ConnectionFacts.Of(context) : KrmxConnectionInfo.Unknown;
        GatewayConnection? connection = null;
        try
        {
            WebSocket socket = await context.AcceptKrmxAsync().ConfigureAwait(false);
            using (socket)
            {
                var id = new ConnectionId(_gateway, Interlocked.Increment(ref _lastConnection));
                ConnectionStream stream = context.Features.Get<UpgradeInterceptor>()!.Stream!;
                connection = new GatewayConnection(id, connections, admission, request, socket, stream, _options, _environment);
                _watch.Add(connection);
                await connection.RunAsync(facts).ConfigureAwait(false);
            }
        }
        finally
        {
            request.End();
            if (connection is not null)
            {
                _watch.Remove(connection);
                connections.Gone(connection, () => Left(admission, slot));
            }
            else
            {
                Left(admission, slot);
            }
        }
    }

    private void Left(Admission admission, RoomSlot<RunningRoom> slot)
    {
        admission.Leave();
        _route.Directory.Leave(slot);
    }
}
