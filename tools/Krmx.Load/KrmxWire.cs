using System.Text;

namespace Krmx.Load;

/// <summary>The Krmx protocol: a client links as a user of its own.</summary>
/// <param name="pathAndQuery">Where the server is.</param>
/// <param name="prefix">What the usernames begin with.</param>
/// <param name="type">The type of the messages.</param>
internal sealed class KrmxWire(string pathAndQuery, string prefix = "load", string type = "load/message") : IWire
{
    public string PathAndQuery => pathAndQuery;

    /// <summary>Whether a frame tells that somebody was linked.</summary>
    public static bool IsLinked(ReadOnlySpan<byte> text) => text.StartsWith("{\"type\":\"krmx/linked\""u8);

    // 0.5 is understood by every server this library works with.
    public string Hello(int client) => $$$"""{"type":"krmx/link","payload":{"username":"{{{prefix}}}{{{client}}}","version":"0.5.0"}}""";

    public bool IsReady(int client, ReadOnlySpan<byte> text, out string? reply)
    {
        reply = null;
        if (text.StartsWith("{\"type\":\"krmx/rejected\""u8))
            throw new LoadException($"The server refused the user {prefix}{client}: {Encoding.UTF8.GetString(text)}");
        return text.StartsWith("{\"type\":\"krmx/accepted\""u8);
    }

    public string Message(string body) => $$"""{"type":"{{type}}","payload":"{{body}}"}""";

    /// <summary>Whether users leave at the end, so that nothing of the load stays on the server. Default: they do.</summary>
    public bool Leaves { get; init; } = true;

    public string? Goodbye => Leaves ? """{"type":"krmx/leave"}""" : null;

    public string? KeepAlive(ReadOnlySpan<byte> text) => null;
}
