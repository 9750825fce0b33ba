using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.Rooms;

/// <summary>What a room tells a client about one of its requests, now or in a later turn.</summary>
/// <remarks>The first word counts. It goes to the session or connection that asked; where that is gone, to nobody.</remarks>
public sealed class RoomReply<TAnswer>
{
    private readonly RoomAsker _asker;
    private readonly JsonTypeInfo<TAnswer> _answers;

    internal RoomReply(RoomAsker asker, JsonTypeInfo<TAnswer> answers)
    {
        _asker = asker;
        _answers = answers;
    }

    /// <summary>Answers the request.</summary>
    /// <param name="answer">The answer's payload; null for none.</param>
    /// <exception cref="Exception">What its serialization throws; the request is not answered then.</exception>
    public void Answer(TAnswer answer) => _asker.Answer(answer is null ? [] : JsonSerializer.SerializeToUtf8Bytes(answer, _answers));

    /// <summary>Refuses the request: with the reason of a <see cref="KrmxRefusedException"/>. Any other exception is reported, and not a word of it sent.</summary>
    /// <param name="error">What the handler threw.</param>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        _asker.Fail(error);
    }
}
