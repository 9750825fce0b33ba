using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krmx;

/// <summary>What a client allows, and for how long it waits.</summary>
/// <remarks>A client copies them when it is made: what is set later is of no effect on it.</remarks>
public sealed class KrmxClientOptions
{
    /// <summary>Makes the default options.</summary>
    public KrmxClientOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="options">What to copy.</param>
    public KrmxClientOptions(KrmxClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Limits = options.Limits?.Copy()!;
        Timeouts = options.Timeouts?.Copy()!;
        KeepAlive = options.KeepAlive?.Copy()!;
        Reconnect = options.Reconnect?.Copy()!;
        ConfigureSocket = options.ConfigureSocket;
        Json = options.Json;
        LoggerFactory = options.LoggerFactory;
        TimeProvider = options.TimeProvider;
    }

    /// <summary>How much the client takes and keeps.</summary>
    public ClientLimits Limits { get; set; } = new();

    /// <summary>For how long the client waits.</summary>
    public ClientTimeouts Timeouts { get; set; } = new();

    /// <summary>How the client finds out that a connection has died without a word.</summary>
    public KeepAliveOptions KeepAlive { get; set; } = new();

    /// <summary>How the client comes back after its connection was lost.</summary>
    public ReconnectOptions Reconnect { get; set; } = new();

    /// <summary>Sets headers, cookies, a proxy or certificates of each connection that is about to be made. Default: null.</summary>
    public Action<ClientWebSocketOptions>? ConfigureSocket { get; set; }

    /// <summary>How payloads of typed messages are read and written. Default: <see cref="KrmxJson.Options"/>.</summary>
    public JsonSerializerOptions Json { get; set; } = KrmxJson.Options;

    /// <summary>Where the client's logs go; what it throws is ignored. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>The clock of all waits but those of pings. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Finds what is wrong with the options.</summary>
    /// <returns>A sentence for each problem, naming the option; empty when all is well.</returns>
    public IEnumerable<string> Validate()
    {
        (string Name, IEnumerable<string>? Problems)[] groups =
        [
            (nameof(Limits), Limits?.Validate()),
            (nameof(Timeouts), Timeouts?.Validate()),
            (nameof(KeepAlive), KeepAlive?.Validate()),
            (nameof(Reconnect), Reconnect?.Validate()),
        ];
        foreach ((string name, IEnumerable<string>? problems) in groups)
        {
            if (problems is null)
                yield return $"{name} must not be null.";
            foreach (string problem in problems ?? [])
                yield return $"{name}.{problem}";
        }
        if (Json is null)
            yield return $"{nameof(Json)} must not be null.";
        if (LoggerFactory is null)
            yield return $"{nameof(LoggerFactory)} must not be null.";
        if (TimeProvider is null)
            yield return $"{nameof(TimeProvider)} must not be null.";
    }
}
