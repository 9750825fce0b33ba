using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>What a link says of its session (protocol section 10).</summary>
/// <param name="Key">What the session is known by, which nobody else can guess.</param>
/// <param name="Attempt">The number of the link, higher than that of those before it.</param>
/// <param name="Session">The session to go on with; null for none.</param>
/// <param name="Received">How much of it was received; null where its client had not been told all that a newcomer is.</param>
internal sealed record ResumeRequest(string Key, long Attempt, long? Session = null, long? Received = null)
{
    private const int MinKeyLength = 16, MaxKeyLength = 64;

    /// <summary>Numbers that every JSON reader holds exactly.</summary>
    private const long MaxNumber = (1L << 53) - 1;

    /// <summary>Reads one.</summary>
    /// <param name="value">Where it begins.</param>
    /// <param name="request">What was read.</param>
    /// <returns>False where a member is missing, has another type, or is out of its range.</returns>
    /// <exception cref="InvalidOperationException">A text has a lone surrogate.</exception>
    public static bool TryRead(ref Utf8JsonReader value, out ResumeRequest? request)
    {
        request = null;
        if (value.TokenType != JsonTokenType.StartObject)
            return false;
        string? key = null;
        long? attempt = null, session = null, received = null;
        bool isSessionValid = true, isReceivedValid = true;
        while (value.Read() && value.TokenType == JsonTokenType.PropertyName)
        {
            bool isKey = FrameReader.NameIs(ref value, "key"u8);
            bool isAttempt = FrameReader.NameIs(ref value, "attempt"u8);
            bool isSession = FrameReader.NameIs(ref value, "session"u8);
            bool isReceived = FrameReader.NameIs(ref value, "received"u8);
            value.Read();
            if (isKey)
                key = value.TokenType == JsonTokenType.String ? value.GetString() : null;
            else if (isAttempt)
                attempt = ReadNumber(ref value, 1);
            else if (isSession)
                isSessionValid = (session = ReadNumber(ref value, 1)) is not null;
            else if (isReceived)
                isReceivedValid = (received = ReadNumber(ref value, 0)) is not null;
            value.Skip();
        }
        if (!isSessionValid || !isReceivedValid || key is not { Length: >= MinKeyLength and <= MaxKeyLength } || attempt is null)
            return false;
        request = new ResumeRequest(key, attempt.Value, session, received);
        return true;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("resume"u8);
        writer.WriteString("key"u8, Key);
        writer.WriteNumber("attempt"u8, Attempt);
        if (Session is long session)
            writer.WriteNumber("session"u8, session);
        if (Received is long received)
            writer.WriteNumber("received"u8, received);
        writer.WriteEndObject();
    }

    private static long? ReadNumber(ref Utf8JsonReader value, long min) =>
        value.TokenType == JsonTokenType.Number && value.TryGetInt64(out long number) && number >= min && number <= MaxNumber ? number : null;
}
