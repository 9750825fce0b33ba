using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Diagnostics;

/// <summary>All that endpoints and connections log; the ids are stable, and no room has the same.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Debug, "Room {Room}: connection {Connection} opened.")]
    public static partial void Opened(ILogger logger, PeerText room, ConnectionId connection);

    [LoggerMessage(2, LogLevel.Debug, "Room {Room}: connection {Connection} closed ({Reason}).")]
    public static partial void Closed(ILogger logger, PeerText room, ConnectionId connection, UnlinkReason reason);

    [LoggerMessage(8, LogLevel.Warning, "Room {Room}: connection {Connection} was ended: {Reason}.")]
    public static partial void Evicted(ILogger logger, PeerText room, ConnectionId connection, UnlinkReason reason);

    [LoggerMessage(15, LogLevel.Debug, "A connection to {Route} was refused: {Reason}.")]
    public static partial void Refused(ILogger logger, string route, RefusalReason reason);

    [LoggerMessage(16, LogLevel.Error, "What {Route} calls when a connection is refused threw.")]
    public static partial void RefusalHandlerFailed(ILogger logger, string route, Exception error);
}
