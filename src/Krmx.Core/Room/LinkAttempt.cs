using System.Security.Claims;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>A link request between its first check and its end in exactly one of accepted, rejected or closed.</summary>
internal sealed class LinkAttempt(
    AttemptId id, RoomConnection connection, in LinkPayload payload, ProtocolVersion version, KrmxUser? user, TimeSpan due)
{
    public AttemptId Id { get; } = id;

    public RoomConnection Connection { get; } = connection;

    public string Username { get; } = payload.Username;

    /// <summary>The protocol version that the client speaks.</summary>
    public ProtocolVersion Version { get; } = version;

    /// <summary>What the link is to have.</summary>
    public KrmxExtensions Extensions { get; } = payload.Extensions;

    /// <summary>What it says of its session; null for a link without one.</summary>
    public ResumeRequest? Resume { get; } = payload.Resume;

    /// <summary>When its authentication has taken too long.</summary>
    public TimeSpan Due { get; } = due;

    /// <summary>
    /// The user as it was when authentication began; null when there was none. An authentication holds for that user alone, not for one
    /// of the same name who joined meanwhile.
    /// </summary>
    public KrmxUser? User { get; set; } = user;

    /// <summary>Who its authentication found the client to be; null where it says nothing of that.</summary>
    public ClaimsPrincipal? Principal { get; set; }

    /// <summary>What everybody may know of its user once it is made, or joins for it; null where that stays as it is.</summary>
    public KrmxMeta? Meta { get; set; }

    /// <summary>Whether its authentication has answered, so that there is none to cancel and no second answer counts.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether it is over, so that nothing of it can speak any more.</summary>
    public bool IsOver => Connection.Attempt != this;
}
