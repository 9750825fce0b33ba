using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Diagnostics;

/// <summary>All that rooms log; the ids are stable. Names and reasons come from peers: they are data, never format, and shown as such.</summary>
internal static partial class RoomLog
{
    [LoggerMessage(3, LogLevel.Debug, "Room {Room}: connection {Connection} was rejected: {Reason}.")]
    public static partial void Rejected(ILogger logger, PeerText room, ConnectionId connection, PeerText reason);

    [LoggerMessage(4, LogLevel.Warning, "Room {Room}: connection {Connection} of user {User} sent {MessageType}, which it may not; the user was unlinked.")]
    public static partial void ProtocolViolated(ILogger logger, PeerText room, ConnectionId connection, PeerText user, PeerText messageType);

    [LoggerMessage(5, LogLevel.Warning, "Room {Room}: a message '{MessageType}' of user {User} was ignored, its payload could not be read: {Error}")]
    public static partial void PayloadRefused(ILogger logger, PeerText room, PeerText user, PeerText messageType, PeerText error);

    [LoggerMessage(6, LogLevel.Error, "Room {Room}: a listener of the {EventName} event threw.")]
    public static partial void ListenerFailed(ILogger logger, PeerText room, string eventName, Exception error);

    [LoggerMessage(7, LogLevel.Error, "Room {Room}: authentication of user {User} threw; the link was rejected.")]
    public static partial void AuthenticationFailed(ILogger logger, PeerText room, PeerText user, Exception error);

    [LoggerMessage(9, LogLevel.Error, "Room {Room}: a handler threw.")]
    public static partial void HandlerFailed(ILogger logger, PeerText room, Exception error);

    [LoggerMessage(10, LogLevel.Information, "Room {Room} opened.")]
    public static partial void RoomOpened(ILogger logger, PeerText room);

    [LoggerMessage(11, LogLevel.Information, "Room {Room} closed.")]
    public static partial void RoomClosed(ILogger logger, PeerText room);

    [LoggerMessage(12, LogLevel.Error, "Room {Room} could not be made.")]
    public static partial void RoomFailed(ILogger logger, PeerText room, Exception error);

    [LoggerMessage(13, LogLevel.Warning, "Room {Room}: async listeners were still running when the room was disposed of.")]
    public static partial void ListenersLeft(ILogger logger, PeerText room);

    [LoggerMessage(14, LogLevel.Error, "Room {Room} did not close in time, as a listener blocks it; it is left behind.")]
    public static partial void CloseGivenUp(ILogger logger, PeerText room);

    [LoggerMessage(17, LogLevel.Warning, "{Count} more logs of event {Event} were left out in {Seconds} seconds, as there were too many.")]
    public static partial void LeftOut(ILogger logger, int count, int @event, double seconds);
}
