using System.Net.WebSockets;
using System.Text.Json;
using Krmx.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krmx;

/// <summary>What a client allows, and for how long it waits; immutable.</summary>
public sealed record KrmxClientOptions
{
    private const int OneGibibyte = 1024 * 1024 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>
    /// The largest message a server may send, in bytes; a larger one closes the connection with 1009. Default: 1 MiB. From 1 to 1 GiB.
    /// </summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// How many bytes may wait to be sent; while they do, further messages of the application are refused. Default: 1 MiB. At least 1.
    /// </summary>
    public int MaxQueuedBytes { get; init; } = 1024 * 1024;

    /// <summary>How deep the JSON of a message may nest, its own object counted. Default: 64. At least 1.</summary>
    public int MaxJsonDepth { get; init; } = FrameReader.DefaultMaxDepth;

    /// <summary>How long making a connection may take. Default: 10 seconds. From 1 ms to a day.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the server may take to answer a link, an unlink or a leave; a server that does not loses the connection.
    /// Default: 30 seconds. From 1 ms to a day.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server may take to say goodbye when a connection is closed. Default: 5 seconds. From 1 ms to a day.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the client comes back after its connection was lost.</summary>
    public ReconnectPolicy Reconnect { get; init; } = new();

    /// <summary>After how much silence the server is pinged. Default: 15 seconds. At least 100 ms, or zero for never.</summary>
    /// <remarks>
    /// Browsers ping by themselves, or not: there it has no effect. The .NET Standard build sends something at this interval, which keeps
    /// proxies from closing the connection, but expects no answer.
    /// </remarks>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after a ping the server may stay silent; past it the connection counts as lost. Default: 15 seconds. At least 100 ms.
    /// </summary>
    /// <remarks>
    /// Without effect in browsers and in the .NET Standard build: there a connection that died without a word is noticed when a request
    /// times out.
    /// </remarks>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Sets headers, cookies, a proxy or certificates of each connection that is about to be made. Default: null.</summary>
    public Action<ClientWebSocketOptions>? ConfigureSocket { get; init; }

    /// <summary>How payloads of typed messages are read and written. Default: <see cref="KrmxJson.Options"/>.</summary>
    public JsonSerializerOptions Json { get; init; } = KrmxJson.Options;

    /// <summary>Where the client's logs go; what it throws is ignored. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of all waits but those of pings. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Finds what is wrong with the options.</summary>
    /// <returns>A sentence for each problem, naming the option; empty when all is well.</returns>
    public IEnumerable<string> Validate()
    {
        if (MaxMessageBytes is < 1 or > OneGibibyte)
            yield return $"{nameof(MaxMessageBytes)} must be from 1 to 1 GiB, not {MaxMessageBytes}.";
        if (MaxQueuedBytes < 1)
            yield return $"{nameof(MaxQueuedBytes)} must be at least 1, not {MaxQueuedBytes}.";
        if (MaxJsonDepth < 1)
            yield return $"{nameof(MaxJsonDepth)} must be at least 1, not {MaxJsonDepth}.";
        if (!IsWait(ConnectTimeout))
            yield return $"{nameof(ConnectTimeout)} must be from 1 ms to a day, not {ConnectTimeout}.";
        if (!IsWait(RequestTimeout))
            yield return $"{nameof(RequestTimeout)} must be from 1 ms to a day, not {RequestTimeout}.";
        if (!IsWait(CloseTimeout))
            yield return $"{nameof(CloseTimeout)} must be from 1 ms to a day, not {CloseTimeout}.";
        if (KeepAliveInterval != TimeSpan.Zero && KeepAliveInterval < TimeSpan.FromMilliseconds(100))
            yield return $"{nameof(KeepAliveInterval)} must be at least 100 ms, or zero for never, not {KeepAliveInterval}.";
        if (KeepAliveTimeout < TimeSpan.FromMilliseconds(100))
            yield return $"{nameof(KeepAliveTimeout)} must be at least 100 ms, not {KeepAliveTimeout}.";
        if (Json is null)
            yield return $"{nameof(Json)} must not be null.";
        if (LoggerFactory is null)
            yield return $"{nameof(LoggerFactory)} must not be null.";
        if (TimeProvider is null)
            yield return $"{nameof(TimeProvider)} must not be null.";
        foreach (string problem in Reconnect?.Validate() ?? ["it must not be null."])
            yield return $"{nameof(Reconnect)}: {problem}";
    }

    private static bool IsWait(TimeSpan time) => time >= TimeSpan.FromMilliseconds(1) && time <= LongestWait;
}
