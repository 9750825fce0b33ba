using Microsoft.Extensions.Logging;

namespace Krmx;

/// <summary>What a client logs; the event ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Connected to {Server}.")]
    public static partial void Connected(ILogger logger, string server);

    [LoggerMessage(2, LogLevel.Information, "Disconnected from {Server}: {Close}; reconnecting: {Reconnecting}.")]
    public static partial void Disconnected(ILogger logger, string server, KrmxClose close, bool reconnecting);

    [LoggerMessage(3, LogLevel.Information, "Attempt {Attempt} to reconnect to {Server} failed: {Reason}")]
    public static partial void ReconnectFailed(ILogger logger, int attempt, string server, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Gave up reconnecting to {Server} after {Attempts} attempts.")]
    public static partial void ReconnectGivenUp(ILogger logger, string server, int attempts);

    [LoggerMessage(5, LogLevel.Warning, "The link as {Username} could not be made again: {Reason}")]
    public static partial void RelinkEnded(ILogger logger, string username, string reason);

    [LoggerMessage(6, LogLevel.Debug, "The link as {Username} is not made yet, and will be tried again: {Reason}")]
    public static partial void RelinkWaits(ILogger logger, string username, string reason);

    [LoggerMessage(7, LogLevel.Warning, "The server did not answer {Operation} in time; the connection is given up.")]
    public static partial void RequestTimedOut(ILogger logger, string operation);

    [LoggerMessage(8, LogLevel.Warning, "The server sent what the protocol does not allow, ignored: {What}.")]
    public static partial void ProtocolViolated(ILogger logger, string what);

    [LoggerMessage(9, LogLevel.Warning, "A message of type {Type} had a payload its listener cannot read; the listener was not called.")]
    public static partial void PayloadRefused(ILogger logger, string type, Exception error);

    [LoggerMessage(10, LogLevel.Error, "A listener of the {Event} event threw.")]
    public static partial void ListenerFailed(ILogger logger, string @event, Exception error);

    [LoggerMessage(11, LogLevel.Error, "An asynchronous listener threw, or the client itself failed.")]
    public static partial void WorkFailed(ILogger logger, Exception error);
}
