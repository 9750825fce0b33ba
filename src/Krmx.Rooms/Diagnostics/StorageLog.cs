using Microsoft.Extensions.Logging;

namespace Krmx.Diagnostics;

/// <summary>What is logged of stores; the ids are stable.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(30, LogLevel.Error, "The store fails: what rooms have changed waits, and so do their clients, until it works again.")]
    public static partial void StoreFails(ILogger logger, Exception error);

    [LoggerMessage(31, LogLevel.Information, "The store works again, after {Seconds} seconds.")]
    public static partial void StoreWorks(ILogger logger, double seconds);

    [LoggerMessage(32, LogLevel.Error, "Room {Room}: what it has changed could not be stored; nobody was told of it. The room is loaded anew from what is stored.")]
    public static partial void RoomLost(ILogger logger, PeerText room, Exception error);

    [LoggerMessage(36, LogLevel.Error, "Room {Room} could not be deleted in the store.")]
    public static partial void DeletingFailed(ILogger logger, PeerText room, Exception error);

    [LoggerMessage(33, LogLevel.Error, "The store could not be asked which rooms of {Route} are to be woken or deleted; that is tried again.")]
    public static partial void TendingFailed(ILogger logger, string route, Exception error);

    [LoggerMessage(34, LogLevel.Warning, "Room {Room}: it could not be opened for an alarm that is due; that is tried again.")]
    public static partial void WakeFailed(ILogger logger, PeerText room, Exception error);

    [LoggerMessage(35, LogLevel.Information, "Room {Room} was deleted, as nobody has used it for so long.")]
    public static partial void RoomExpired(ILogger logger, PeerText room);
}
