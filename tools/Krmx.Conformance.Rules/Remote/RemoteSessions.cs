using System.Text;
using System.Text.Json;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Remote;

/// <summary>The sessions of a rule's users, by the keys and numbers that the rule and the server have for them.</summary>
internal sealed class RemoteSessions
{
    private readonly Dictionary<(string Key, long Number), RemoteSession> _sessions = [];

    /// <summary>The session that a link goes on with; null where it names none that there is.</summary>
    /// <param name="resume">The link's member of that name.</param>
    public RemoteSession? Find(JsonElement resume) =>
        Members.TryGetText(resume, "key", out string key) && Members.TryGetCount(resume, "session", out long number)
            ? _sessions.GetValueOrDefault((key, number))
            : null;

    /// <summary>The session of a link that was accepted; null where it has none.</summary>
    /// <param name="resume">The link's member of that name.</param>
    /// <param name="accepted">The answer.</param>
    public RemoteSession? Begin(JsonElement resume, KrmxMessage accepted)
    {
        JsonElement payload = accepted.HasPayload ? Parse(accepted) : default;
        if (!Members.TryGetText(resume, "key", out string key) || !Members.TryGetCount(payload, "session", out long number))
            return null;
        if (!Members.IsTrue(payload, "recovered") || Find(resume) is not RemoteSession session)
            return _sessions[(key, number)] = new RemoteSession();
        bool isKnown = Members.TryGetCount(resume, "received", out long heard) && heard <= session.Heard;
        RuleBrokenException.Unless(isKnown, "the server recovered a session whose client could not go on");
        session.GoOn(heard);
        return session;
    }

    /// <summary>A frame that says what was received, as the server counts.</summary>
    /// <param name="frame">The frame as the rule has it.</param>
    /// <param name="members">The object in it whose member that is.</param>
    /// <param name="session">The session.</param>
    public static string WithReceived(string frame, JsonElement members, RemoteSession session) =>
        Members.TryGetCount(members, "received", out long heard) ? With(frame, "received", heard, session.ReceivedBy(heard)) : frame;

    /// <summary>An ack of the server, as the rule counts.</summary>
    /// <exception cref="RuleBrokenException">The server counts otherwise.</exception>
    public static string WithSent(string frame, KrmxMessage ack, RemoteSession session)
    {
        bool isRight = ack.HasPayload && Members.TryGetCount(Parse(ack), "sent", out long sent) && sent == session.Received;
        RuleBrokenException.Unless(isRight, $"expected an ack that says that {session.Received} messages were sent; it was '{frame}'");
        return With(frame, "sent", session.Received, session.Heard);
    }

    private static string With(string frame, string member, long number, long other) =>
        frame.Replace($"\"{member}\":{number}", $"\"{member}\":{other}", StringComparison.Ordinal);

    private static JsonElement Parse(KrmxMessage message) => Wire.Parse(Encoding.UTF8.GetString(message.Payload.Span));
}
