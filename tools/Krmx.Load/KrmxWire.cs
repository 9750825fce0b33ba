using System.Buffers.Text;
using System.Collections;
using System.Text;

namespace Krmx.Load;

/// <summary>The Krmx protocol: a client links as a user of its own.</summary>
/// <param name="pathAndQuery">Where the server is.</param>
/// <param name="prefix">What the usernames begin with.</param>
/// <param name="type">The type of the messages.</param>
internal sealed class KrmxWire(string pathAndQuery, string prefix = "load", string type = "load/message") : IWire
{
    private const int LongestQuote = 200;

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);

    public string PathAndQuery => pathAndQuery;

    public string Hello(int client) => HelloWith(client, HasPresence ? ",\"extensions\":[\"presence\"]" : "");

    public KrmxSession? NewSession(int client) => Resumes ? new KrmxSession(this, client) : null;

    /// <summary>A link with a session.</summary>
    /// <param name="client">The client's number.</param>
    /// <param name="resume">What it says of the session, in JSON.</param>
    public string Link(int client, string resume) => HelloWith(client, $$""","extensions":["resume"],"resume":{{resume}}""");

    public bool IsReady(int client, ReadOnlySpan<byte> text, out string? reply)
    {
        reply = null;
        if (text.StartsWith("{\"type\":\"krmx/accepted\""u8))
            return true;
        string answer = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestQuote)]);
        throw new LoadException(text.StartsWith("{\"type\":\"krmx/rejected\""u8)
            ? $"the server refused the user {prefix}{client}: {answer}"
            : $"it is no Krmx server: it answered a link with '{answer}'");
    }

    public string Message(string body) => $$"""{"type":"{{type}}","payload":"{{body}}"}""";

    public string? KeepAlive(ReadOnlySpan<byte> text) => null;

    /// <summary>Whether users leave at the end, so that nothing of the load stays on the server. Default: they do.</summary>
    public bool Leaves { get; init; } = true;

    /// <summary>Whether clients ask to be told of users by lists. Default: they do not, as every server understands that.</summary>
    public bool HasPresence { get; init; }

    /// <summary>Whether clients have sessions, which they go on with when their connection was cut. Default: they have none.</summary>
    public bool Resumes { get; init; }

    public string? Goodbye => Leaves ? """{"type":"krmx/leave"}""" : null;

    /// <summary>Notes the clients that a frame tells to be linked, whether one by one or by lists.</summary>
    /// <param name="text">The frame.</param>
    /// <param name="seen">A flag for each client.</param>
    /// <returns>How many were not noted yet.</returns>
    public int NoteLinked(ReadOnlySpan<byte> text, BitArray seen)
    {
        if (text.StartsWith("{\"type\":\"krmx/linked\""u8))
            return Note(text, "\"username\":\""u8, "\""u8, seen);
        if (text.StartsWith("{\"type\":\"krmx/users\""u8))
            return Note(text, "[\""u8, "\",true"u8, seen);
        return text.StartsWith("{\"type\":\"krmx/changes\""u8) ? Note(text, "[\"linked\",\""u8, "\""u8, seen) : 0;
    }

    // 0.5 is understood by every server this library works with.
    private string HelloWith(int client, string members) =>
        $$$"""{"type":"krmx/link","payload":{"username":"{{{prefix}}}{{{client}}}","version":"0.5.0"{{{members}}}}}""";

    private int Note(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, BitArray seen)
    {
        int noted = 0, at;
        while ((at = text.IndexOf(before)) >= 0)
        {
            text = text[(at + before.Length)..];
            if (!text.StartsWith(_prefix) || !Utf8Parser.TryParse(text[_prefix.Length..], out int client, out int digits))
                continue;
            if (!text[(_prefix.Length + digits)..].StartsWith(after) || client >= seen.Length || seen[client])
                continue;
            seen[client] = true;
            noted++;
        }
        return noted;
    }
}
