using System.Security.Claims;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

/// <summary>A user of a room: known by a name, from joining to leaving, whatever becomes of connections.</summary>
/// <remarks>Belongs to its room's turns, as the room itself does. A user who comes back after leaving is another instance.</remarks>
public sealed class KrmxUser
{
    // Every newcomer is sent these two, so they are made once.
    private byte[]? _joinedFrame;
    private byte[]? _linkedFrame;
    private readonly KrmxRoomCore _room;
    private LinkedListNode<KrmxUser>? _place;

    internal KrmxUser(KrmxRoomCore room, string name)
    {
        _room = room;
        Name = name;
    }

    /// <summary>The username.</summary>
    public string Name { get; }

    /// <summary>Whether a connection is linked to the user now.</summary>
    public bool IsLinked => Connection is not null;

    /// <summary>
    /// Whether what is sent to the user now arrives: it is linked, or its client is expected back and will be sent what it has missed. Protocol section 10.
    /// </summary>
    public bool IsReachable => IsLinked || Session is not null;

    /// <summary>The user's link: how it came about, and what is known of the connection; null while the user is not linked.</summary>
    public KrmxLink? Link => Connection?.Link;

    /// <summary>Who the client of the latest link is, also while the user is not linked; anonymous before the first.</summary>
    public ClaimsPrincipal Principal { get; internal set; } = KrmxConnectionInfo.Unknown.Principal;

    /// <summary>
    /// What everybody may know of the user beside its name; null where that is nothing. Set when authentication accepts a link with it
    /// (<see cref="LinkResult.WithMeta(KrmxMeta)"/>), or by the application. Protocol section 10.
    /// </summary>
    public KrmxMeta? Meta { get; internal set; }

    /// <summary>Sets what everybody may know of the user beside its name; those with the extension presence are told. Protocol section 10.</summary>
    /// <param name="meta">The metadata; null for none.</param>
    /// <exception cref="KrmxException">The room is not open, or the user has left.</exception>
    public void SetMeta(KrmxMeta? meta) => _room.SetMeta(this, meta);

    /// <summary>Sets what everybody may know of the user beside its name; those with the extension presence are told. Protocol section 10.</summary>
    /// <param name="meta">The metadata, up to 1,024 bytes of JSON, made with the room's options; null for none.</param>
    /// <exception cref="ArgumentException">Its JSON is longer.</exception>
    /// <inheritdoc cref="SetMeta(KrmxMeta?)"/>
    public void SetMeta<T>(T meta) => SetMeta(KrmxMeta.Create(meta, _room.Json));

    internal RoomConnection? Connection { get; set; }

    /// <summary>The session that has not ended.</summary>
    internal Session? Session { get; set; }

    /// <summary>Where what is sent to the user goes, and is bound to: the session, or the connection of a link without one.</summary>
    internal object? Receiver => (object?)Session ?? Connection;

    /// <summary>Since when the user is linked or, having been linked, not linked any more.</summary>
    internal TimeSpan Since { get; set; }

    /// <summary>For how long the user was linked in all, until the latest unlink.</summary>
    internal TimeSpan TimeLinked { get; set; }

    /// <summary>How many link attempts are about the user.</summary>
    internal int AttemptCount { get; set; }

    /// <summary>Whether the user was linked and is not.</summary>
    internal bool IsAway => Absence > 0;

    /// <summary>The number of the absence among all in the room; 0 while the user is not away.</summary>
    internal long Absence { get; set; }

    /// <summary>The user's place among those who are away.</summary>
    internal LinkedListNode<KrmxUser> Place => _place ??= new LinkedListNode<KrmxUser>(this);

    /// <summary>The page of the roster that the user is on.</summary>
    internal RosterPage? Page { get; set; }

    internal byte[] JoinedFrame => _joinedFrame ??= PresenceFrame(MessageTypes.Joined);

    internal byte[] LinkedFrame => _linkedFrame ??= PresenceFrame(MessageTypes.Linked);

    internal byte[] UnlinkedFrame => PresenceFrame(MessageTypes.Unlinked);

    internal byte[] LeftFrame => PresenceFrame(MessageTypes.Left);

    /// <summary>The name, and whether the user is linked.</summary>
    public override string ToString() => $"{Name} ({(IsLinked ? "linked" : "unlinked")})";

    private byte[] PresenceFrame(string type) => FrameWriter.Write(type, "username", Name);
}
