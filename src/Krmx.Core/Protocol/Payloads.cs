using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Reads the small payloads of the protocol's own messages.</summary>
internal static class Payloads
{
    /// <summary>Reads a string member of an object; null where the payload is no such object. Never throws.</summary>
    public static string? ReadString(ReadOnlySpan<byte> payload, string name)
    {
        try
        {
            Utf8JsonReader value = Find(payload, name);
            return value.TokenType == JsonTokenType.String ? value.GetString() : null;
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return null;
        }
    }

    /// <summary>Reads what a link was granted; nothing where the payload does not say. Never throws.</summary>
    public static KrmxExtensions ReadExtensions(ReadOnlySpan<byte> payload)
    {
        try
        {
            Utf8JsonReader array = Find(payload, "extensions");
            return Extensions.TryRead(ref array, out KrmxExtensions extensions) ? extensions : KrmxExtensions.None;
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return KrmxExtensions.None;
        }
    }

    /// <summary>Reads what a link with a session was answered; nothing where the payload does not say. Never throws.</summary>
    public static SessionAnswer ReadSession(ReadOnlySpan<byte> payload)
    {
        try
        {
            return new SessionAnswer(
                ReadCount(payload, "session"), Find(payload, "recovered").TokenType == JsonTokenType.True, ReadCount(payload, "received"));
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return default;
        }
    }

    /// <summary>Reads a member that is a whole number from 0; null where there is none. Never throws.</summary>
    public static long? ReadCount(ReadOnlySpan<byte> payload, string name)
    {
        try
        {
            Utf8JsonReader value = Find(payload, name);
            return value.TokenType == JsonTokenType.Number && value.TryGetInt64(out long count) && count >= 0 ? count : null;
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return null;
        }
    }

    /// <summary>Reads <c>krmx/users</c>; null where the payload is none. Never throws.</summary>
    public static List<ClientUser>? ReadUsers(ReadOnlySpan<byte> payload) => ReadEntries(
        payload,
        "users",
        static (ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, out ClientUser user) =>
        {
            user = default;
            if (reader.TokenType != JsonTokenType.String)
                return false;
            string name = reader.GetString()!;
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                return false;
            user = new ClientUser(name, reader.GetBoolean(), ReadMeta(ref reader, payload));
            return true;
        });

    /// <summary>Reads <c>krmx/changes</c>; null where the payload is none. Never throws.</summary>
    public static List<PresenceChange>? ReadChanges(ReadOnlySpan<byte> payload) => ReadEntries(
        payload,
        "changes",
        static (ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, out PresenceChange change) =>
        {
            change = default;
            if (reader.TokenType != JsonTokenType.String)
                return false;
            string kind = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                return false;
            change = new PresenceChange(kind, reader.GetString()!);
            if (kind == PresenceChange.MetaChanged)
                change = change with { Meta = ReadMeta(ref reader, payload) };
            return true;
        });

    /// <summary>Reads the next element of an array as metadata; null where it has none.</summary>
    private static KrmxMeta? ReadMeta(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
            return null;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return KrmxMeta.Of(payload[start..(int)reader.BytesConsumed].ToArray());
    }

    private delegate bool EntryReader<TEntry>(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, out TEntry entry);

    /// <summary>Reads a member that is an array of arrays, of which what is not known is left out: what later versions add.</summary>
    private static List<TEntry>? ReadEntries<TEntry>(ReadOnlySpan<byte> payload, string name, EntryReader<TEntry> read)
    {
        try
        {
            Utf8JsonReader reader = Find(payload, name);
            if (reader.TokenType != JsonTokenType.StartArray)
                return null;
            var entries = new List<TEntry>();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            {
                int depth = reader.CurrentDepth;
                if (!reader.Read() || !read(ref reader, payload, out TEntry entry))
                    return null;
                entries.Add(entry);
                while (reader.CurrentDepth > depth || reader.TokenType != JsonTokenType.EndArray)
                    reader.Read();
            }
            return reader.TokenType == JsonTokenType.EndArray ? entries : null;
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return null;
        }
    }

    /// <summary>Finds the value of an object's member, the last of its name; a reader that has read nothing where there is none.</summary>
    private static Utf8JsonReader Find(ReadOnlySpan<byte> payload, string name)
    {
        Utf8JsonReader value = default;
        var reader = new Utf8JsonReader(payload, FrameReader.AnyDepth);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return value;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isWanted = reader.ValueTextEquals(name);
            reader.Read();
            if (isWanted)
                value = reader;
            reader.Skip();
        }
        return value;
    }
}
