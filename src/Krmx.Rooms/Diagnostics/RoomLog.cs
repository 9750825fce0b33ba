using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Diagnostics;

/// <summary>All that rooms log; the ids are stable. Names and reasons come from peers and are data, never format.</summary>
internal static partial class RoomLog
{
    [LoggerMessage(3, LogLevel.Debug, "Room {Room}: connection {Connection} was rejected: {Reason}.")]
    public static partial void Rejected(ILogger logger, string room, ConnectionId connection, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Room {Room}: connection {Connection} of user {User} sent {MessageType}, which it may not; the user was unlinked.")]
    public static partial void ProtocolViolated(ILogger logger, string room, ConnectionId connection, string user, string messageType);

    [LoggerMessage(5, LogLevel.Warning, "Room {Room}: a message '{MessageType}' of user {User} was ignored, its payload could not be read: {Error}")]
    public static partial void PayloadRefused(ILogger logger, string room, string user, string messageType, string error);

    [LoggerMessage(6, LogLevel.Error, "Room {Room}: a listener of the {EventName} event threw.")]
    public static partial void ListenerFailed(ILogger logger, string room, string eventName, Exception error);

    [LoggerMessage(7, LogLevel.Error, "Room {Room}: authentication of user {User} threw; the link was rejected.")]
    public static partial void AuthenticationFailed(ILogger logger, string room, string user, Exception error);

    [LoggerMessage(9, LogLevel.Error, "Room {Room}: a handler threw.")]
    public static partial void HandlerFailed(ILogger logger, string room, Exception error);

    [LoggerMessage(10, LogLevel.Information, "Room {Room} opened.")]
    public static partial void RoomOpened(ILogger logger, string room);

    [LoggerMessage(11, LogLevel.Information, "Room {Room} closed.")]
    public static partial void RoomClosed(ILogger logger, string room);

    [LoggerMessage(12, LogLevel.Error, "Room {Room} could not be made.")]
    public static partial void RoomFailed(ILogger logger, string room, Exception error);

    [LoggerMessage(13, LogLevel.Warning, "Room {Room}: async listeners were still running when the room was disposed of.")]
    public static partial void ListenersLeft(ILogger logger, string room);

    [LoggerMessage(14, LogLevel.Error, "Room {Room} did not close in time, as a listener blocks it; it is left behind.")]
    public static partial void CloseGivenUp(ILogger logger, string room);
}
