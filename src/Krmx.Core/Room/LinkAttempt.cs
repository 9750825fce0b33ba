namespace Krmx.Rooms;

/// <summary>A link request between its first check and its end in exactly one of accepted, rejected or closed.</summary>
internal sealed class LinkAttempt(AttemptId id, RoomConnection connection, string username, KrmxUser? user)
{
    public AttemptId Id { get; } = id;

    public RoomConnection Connection { get; } = connection;

    public string Username { get; } = username;

    /// <summary>
    /// The user as it was when authentication began; null when there was none. An authentication holds for that user alone, not for one
    /// of the same name who joined meanwhile.
    /// </summary>
    public KrmxUser? User { get; set; } = user;

    /// <summary>Whether its authentication has answered, so that there is none to cancel and no second answer counts.</summary>
    public bool IsAnswered { get; set; }
}
