using Krmx.Rooms;

namespace Krmx.State;

/// <summary>The linked users who have been sent a shared state, and so are told of its changes.</summary>
/// <remarks>
/// A user comes in with its link event and not before: what changed until then is part of what it is sent first. As events follow changes,
/// a user may be linked to another connection by then; a member is bound to the connection that was sent the state.
/// </remarks>
internal sealed class Audience<TData> : IDisposable
{
    private readonly Dictionary<KrmxUser, Member> _members = [];
    private readonly KrmxRoomCore _server;
    private readonly Action<Member> _welcome;
    private readonly IDisposable[] _subscriptions;
    private ConnectionId[] _recipients = [];

    /// <param name="server">Whose users these are.</param>
    /// <param name="welcome">Sends a new member the state.</param>
    /// <param name="emptied">Called when the last user has left.</param>
    public Audience(KrmxRoomCore server, Action<Member> welcome, Action emptied)
    {
        _server = server;
        _welcome = welcome;
        _subscriptions =
        [
            server.OnLink(Welcome),
            server.OnUnlink(Leave),
            server.OnLeave(_ =>
            {
                if (server.Users.Count == 0)
                    emptied();
            }),
        ];
    }

    /// <summary>The members that can be sent something now.</summary>
    public IEnumerable<Member> Members => _members.Values.Where(static member => member.IsCurrent);

    /// <summary>Lets in those who are linked already; called once, when the state can be sent.</summary>
    public void Begin()
    {
        foreach (KrmxUser user in _server.Users)
            Welcome(user);
    }

    /// <summary>Finds the member that a user is, if it can be sent something now.</summary>
    public Member? Find(KrmxUser user) => _members.TryGetValue(user, out Member? member) && member.IsCurrent ? member : null;

    /// <summary>Sends a frame to one member.</summary>
    public void Send(Member member, byte[] frame) => _server.SendFrame([member.Connection.Id], frame);

    /// <summary>Sends a frame to all members but one.</summary>
    public void SendToAll(byte[] frame, Member? except = null) => Send(_members.Values, frame, except);

    /// <summary>Sends a frame to some members.</summary>
    public void Send(IReadOnlyCollection<Member> members, byte[] frame, Member? except = null)
    {
        if (_recipients.Length < members.Count)
            _recipients = new ConnectionId[Math.Max(members.Count, _recipients.Length * 2)];
        int count = 0;
        foreach (Member member in members)
        {
            if (member != except && member.IsCurrent)
                _recipients[count++] = member.Connection.Id;
        }
        _server.SendFrame(_recipients.AsSpan(0, count), frame);
    }

    /// <summary>Ends the membership of all, and lets nobody in any more.</summary>
    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
        _members.Clear();
    }

    private void Welcome(KrmxUser user)
    {
        if (user.Connection is not RoomConnection connection || Find(user) is not null)
            return;
        var member = new Member(user, connection);
        _members[user] = member;
        _welcome(member);
    }

    private void Leave(KrmxUser user)
    {
        if (Find(user) is null)
            _members.Remove(user);
    }

    /// <summary>A linked user who has been sent the state.</summary>
    internal sealed class Member(KrmxUser user, RoomConnection connection)
    {
        public KrmxUser User => user;

        public RoomConnection Connection => connection;

        /// <summary>Whether the user is still linked to the connection that was sent the state.</summary>
        public bool IsCurrent => ReferenceEquals(user.Connection, connection);

        /// <summary>What the state keeps for each member.</summary>
        public TData? Data { get; set; }
    }
}
