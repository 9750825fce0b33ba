using System.Text;
using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Writes the frames of the extension presence (protocol section 10).</summary>
internal static class PresenceFrames
{
    /// <summary>How long a frame of changes may become.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>Users, whether each is linked, and its metadata where it has any.</summary>
    public static byte[] Users(IReadOnlyList<KrmxUser> users)
    {
        using var frame = new JsonBuffer();
        Begin(frame, MessageTypes.Users, "users"u8);
        foreach (KrmxUser user in users)
        {
            frame.Writer.WriteStartArray();
            frame.Writer.WriteStringValue(JsonEncodedText.Encode(user.Name, FrameWriter.Escaping));
            frame.Writer.WriteBooleanValue(user.IsLinked);
            if (user.Meta is KrmxMeta meta)
                Write(frame, meta);
            frame.Writer.WriteEndArray();
        }
        return End(frame);
    }

    /// <summary>Changes, in order; in several frames where they are many.</summary>
    public static IEnumerable<byte[]> Changes(IReadOnlyList<PresenceChange> changes)
    {
        for (int next = 0; next < changes.Count;)
        {
            using var frame = new JsonBuffer();
            Begin(frame, MessageTypes.Changes, "changes"u8);
            do
            {
                frame.Writer.WriteStartArray();
                frame.Writer.WriteStringValue(changes[next].Kind);
                frame.Writer.WriteStringValue(JsonEncodedText.Encode(changes[next].Username, FrameWriter.Escaping));
                if (changes[next].Meta is KrmxMeta meta)
                    Write(frame, meta);
                frame.Writer.WriteEndArray();
                next++;
            }
            while (next < changes.Count && frame.Writer.BytesCommitted + frame.Writer.BytesPending < MaxLength);
            yield return End(frame);
        }
    }

    /// <summary>How many users there are, and how many of them are linked.</summary>
    public static byte[] Count(int users, int linked) =>
        Encoding.UTF8.GetBytes($$$"""{"type":"{{{MessageTypes.Count}}}","payload":{"users":{{{users}}},"linked":{{{linked}}}}}""");

    private static void Begin(JsonBuffer frame, string type, ReadOnlySpan<byte> member)
    {
        frame.BeginMessage(type);
        frame.Writer.WriteStartArray(member);
    }

    private static void Write(JsonBuffer frame, KrmxMeta meta) => frame.Writer.WriteRawValue(meta.Json.Span, skipInputValidation: true);

    private static byte[] End(JsonBuffer frame)
    {
        frame.Writer.WriteEndArray();
        return frame.EndMessage();
    }
}

/// <summary>Something that became of a user.</summary>
/// <param name="Kind">joined, linked, unlinked, left or meta.</param>
/// <param name="Username">Which user.</param>
/// <param name="Meta">What its metadata is now; null where it has none, or they are not what has changed.</param>
internal readonly record struct PresenceChange(string Kind, string Username, KrmxMeta? Meta = null)
{
    public const string Joined = "joined", Linked = "linked", Unlinked = "unlinked", Left = "left", MetaChanged = "meta";
}
