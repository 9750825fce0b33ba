using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Diagnostics;

/// <summary>Brings what a room reports to the logs and the meter.</summary>
internal sealed class RoomDiagnostics(string room, ILogger logger, RoomMetrics metrics) : IRoomDiagnostics
{
    /// <summary>How logs name the room.</summary>
    public string Room => room;

    /// <summary>What a listener of the open event has thrown at once; null where none has.</summary>
    public Exception? OpenError { get; private set; }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
        metrics.Rejected(kind);
        RoomLog.Rejected(logger, room, connection, reason);
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        RoomLog.ProtocolViolated(logger, room, connection, username, messageType ?? "a frame that is no message");

    public void PayloadRefused(string username, string messageType, Exception error) =>
        RoomLog.PayloadRefused(logger, room, username, messageType, error.Message);

    public void ListenerFailed(string eventName, Exception error)
    {
        if (eventName == "open")
            OpenError ??= error;
        RoomLog.ListenerFailed(logger, room, eventName, error);
    }
}
