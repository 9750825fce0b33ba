using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>The payload of <c>krmx/link</c> (protocol section 3).</summary>
internal readonly record struct LinkPayload(
    string Username, string Version, string? Auth, KrmxExtensions Extensions = KrmxExtensions.None, ResumeRequest? Resume = null)
{
    public enum Outcome
    {
        Read,

        /// <summary>A string has a lone surrogate: the frame is no message at all.</summary>
        InvalidMessage,

        /// <summary>A member is missing or has another type.</summary>
        InvalidRequest,
    }

    public static Outcome TryRead(ReadOnlySpan<byte> payload, out LinkPayload link)
    {
        link = default;
        if (payload.IsEmpty)
            return Outcome.InvalidRequest;
        var reader = new Utf8JsonReader(payload, FrameReader.AnyDepth);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return Outcome.InvalidRequest;

        Utf8JsonReader username = default, version = default, auth = default, extensions = default, resume = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isUsername = FrameReader.NameIs(ref reader, "username"u8);
            bool isVersion = FrameReader.NameIs(ref reader, "version"u8);
            bool isAuth = FrameReader.NameIs(ref reader, "auth"u8);
            bool isExtensions = FrameReader.NameIs(ref reader, "extensions"u8);
            bool isResume = FrameReader.NameIs(ref reader, "resume"u8);
            reader.Read();
            if (isUsername)
                username = reader;
            else if (isVersion)
                version = reader;
            else if (isAuth)
                auth = reader;
            else if (isExtensions)
                extensions = reader;
            else if (isResume)
                resume = reader;
            reader.Skip();
        }
        if (username.TokenType != JsonTokenType.String || version.TokenType != JsonTokenType.String ||
            auth.TokenType is not (JsonTokenType.None or JsonTokenType.String))
            return Outcome.InvalidRequest;
        try
        {
            if (!Protocol.Extensions.TryRead(ref extensions, out KrmxExtensions asked))
                return Outcome.InvalidRequest;
            ResumeRequest? session = null;
            if (resume.TokenType == JsonTokenType.None)
                asked &= ~KrmxExtensions.Resume; // a link without a session, as ever
            else if (asked.HasFlag(KrmxExtensions.Resume) && !ResumeRequest.TryRead(ref resume, out session))
                return Outcome.InvalidRequest;
            link = new LinkPayload(
                username.GetString()!, version.GetString()!, auth.TokenType == JsonTokenType.None ? null : auth.GetString(), asked, session);
            return Outcome.Read;
        }
        catch (InvalidOperationException)
        {
            return Outcome.InvalidMessage;
        }
    }

    /// <exception cref="ArgumentException">A string has a lone surrogate, which the writer by itself would replace.</exception>
    public byte[] ToFrame()
    {
        using var frame = new JsonBuffer();
        Utf8JsonWriter writer = frame.Writer;
        frame.BeginMessage(MessageTypes.Link);
        writer.WriteString("username"u8, JsonEncodedText.Encode(Username, FrameWriter.Escaping));
        writer.WriteString("version"u8, Version);
        if (Auth is not null)
            writer.WriteString("auth"u8, JsonEncodedText.Encode(Auth, FrameWriter.Escaping));
        Protocol.Extensions.Write(writer, Extensions);
        Resume?.Write(writer);
        return frame.EndMessage();
    }
}
