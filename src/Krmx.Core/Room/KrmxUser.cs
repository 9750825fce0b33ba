using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

/// <summary>A user of a server: known by a name, from joining to leaving, whatever becomes of connections.</summary>
/// <remarks>Belongs to its server's turn, as the server itself does. A user who comes back after leaving is another instance.</remarks>
public sealed class KrmxUser
{
    // Every newcomer is sent these two, so they are made once.
    private byte[]? _joinedFrame;
    private byte[]? _linkedFrame;
    private List<LinkAttempt>? _attempts;

    internal KrmxUser(string name) => Name = name;

    /// <summary>The username.</summary>
    public string Name { get; }

    /// <summary>Whether a connection is linked to the user now.</summary>
    public bool IsLinked => Connection is not null;

    internal RoomConnection? Connection { get; set; }

    /// <summary>The link attempts that are being authenticated for this user; they end when the user leaves.</summary>
    internal IReadOnlyList<LinkAttempt> Attempts => _attempts ?? [];

    internal byte[] JoinedFrame => _joinedFrame ??= PresenceFrame(MessageTypes.Joined);

    internal byte[] LinkedFrame => _linkedFrame ??= PresenceFrame(MessageTypes.Linked);

    internal byte[] UnlinkedFrame => PresenceFrame(MessageTypes.Unlinked);

    internal byte[] LeftFrame => PresenceFrame(MessageTypes.Left);

    internal void Add(LinkAttempt attempt) => (_attempts ??= []).Add(attempt);

    internal void Remove(LinkAttempt attempt)
    {
        _attempts?.Remove(attempt);
        if (_attempts is { Count: 0 })
            _attempts = null;
    }

    /// <summary>The name, and whether the user is linked.</summary>
    public override string ToString() => $"{Name} ({(IsLinked ? "linked" : "unlinked")})";

    private byte[] PresenceFrame(string type) => FrameWriter.Write(type, "username", Name);
}
