using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>Who has asked a room for something, and is to be told once what became of it.</summary>
/// <remarks>
/// Bound to the session that asked, which stays while its client is away for a moment, or to the connection of a link without one: whoever has the user by
/// then may use the same id.
/// </remarks>
internal sealed class RoomAsker(KrmxRoomCore room, KrmxUser user, string id, string type)
{
    private object? _receiver = user.Receiver;

    public KrmxUser User => user;

    /// <summary>Writes down that the request is not answered; without a session nobody will be there who could be told.</summary>
    public void WriteAsked(RoomRecorder recorder)
    {
        if (_receiver is Session session)
            recorder.Asked(session, id);
    }

    /// <summary>Writes down that the request is answered.</summary>
    public void WriteAnswered(RoomRecorder recorder)
    {
        if (_receiver is Session session)
            recorder.Answered(session, id);
    }

    /// <summary>Reads the payload of the request; refuses the request where it is another one than is wanted.</summary>
    public bool TryRead<TRequest>(in KrmxMessage request, JsonTypeInfo<TRequest> payloads, out TRequest? payload)
    {
        Exception? problem;
        try
        {
            if (request.TryDeserialize(payloads, out payload, out JsonException? error))
                return true;
            problem = error;
        }
        catch (Exception error)
        {
            // Not only what the reader throws: the payload's own constructor may refuse what a stranger sent.
            payload = default;
            problem = error;
        }
        Refuse($"the payload is not what {type} takes", problem);
        return false;
    }

    /// <summary>Answers with a payload; empty for none.</summary>
    public void Answer(ReadOnlySpan<byte> payload) => Send(RequestFrames.Answer(id, payload));

    /// <summary>Refuses what a handler did not do, because of what it threw.</summary>
    public void Fail(Exception error)
    {
        if (error is not KrmxRefusedException)
            room.ReportFailed($"request {type}", error);

        // What another exception says may be a secret.
        Send(RequestFrames.Refuse(id, error is KrmxRefusedException ? error.Message : "the request failed"));
    }

    /// <summary>Refuses what cannot be handled, and reports why.</summary>
    public void Refuse(string reason, Exception problem)
    {
        room.ReportRefused(user.Name, type, problem);
        Send(RequestFrames.Refuse(id, reason));
    }

    private void Send(byte[] frame)
    {
        // Nobody is told any more; a durable room refuses the request when it is made again, as one that was not answered.
        if (!room.IsOpen)
            return;
        if (_receiver is not null && ReferenceEquals(user.Receiver, _receiver))
            room.PostTo(user, frame);
        room.Answered(this);
        _receiver = null;
    }
}
