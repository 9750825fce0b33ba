namespace Krmx.State;

/// <summary>The users who have been sent a shared state, and so are told of its changes.</summary>
/// <remarks>
/// A user comes in with its link event and not before: what changed until then is part of what it is sent first. As events follow changes,
/// a user may be linked anew by then; a member is bound to the session that was sent the state, and so stays while its client is away for a moment,
/// or to the connection of a link without one.
/// </remarks>
internal sealed class Audience<TData> : IDisposable
{
    private readonly Dictionary<KrmxUser, Member> _members = [];
    private readonly KrmxRoomCore _room;
    private readonly Action<Member> _welcome;
    private readonly IDisposable[] _subscriptions;

    /// <param name="room">Whose users these are.</param>
    /// <param name="welcome">Sends a new member the state.</param>
    /// <param name="emptied">Called when the last user has left.</param>
    public Audience(KrmxRoomCore room, Action<Member> welcome, Action emptied)
    {
        _room = room;
        _welcome = welcome;
        _subscriptions =
        [
            room.OnWelcome(Welcome),
            room.OnUnlink(Leave),
            room.OnSessionEnded((user, _) => Leave(user)),
            room.OnLeave(_ =>
            {
                if (room.UserCount == 0)
                    emptied();
            }),
        ];
    }

    /// <summary>The members that can be sent something now.</summary>
    public IEnumerable<Member> Members => _members.Values.Where(static member => member.IsCurrent);

    /// <summary>Lets in those who are reachable already; called once, when the state can be sent.</summary>
    public void Begin()
    {
        foreach (KrmxUser user in _room.Users)
            Welcome(user);
    }

    /// <summary>Finds the member that a user is, if it can be sent something now.</summary>
    public Member? Find(KrmxUser user) => _members.TryGetValue(user, out Member? member) && member.IsCurrent ? member : null;

    /// <summary>Sends a new member the state.</summary>
    public void SendPicture(Member member, ReadOnlyMemory<byte>[] frames)
    {
        if (_room.IsOpen && frames.Length > 0)
            _room.PostPicture(member.User, frames);
    }

    /// <summary>Sends a frame to one member.</summary>
    public void Send(Member member, byte[] frame)
    {
        if (_room.IsOpen && member.IsCurrent)
            _room.PostTo(member.User, frame);
    }

    /// <summary>Sends a frame to all members but one.</summary>
    public void SendToAll(byte[] frame, Member? except = null) => Send(_members.Values, frame, except);

    /// <summary>Sends a frame to some members.</summary>
    public void Send(IReadOnlyCollection<Member> members, byte[] frame, Member? except = null)
    {
        if (!_room.IsOpen)
            return;
        int current = members.Count(static member => member.IsCurrent);
        if (current == 0)
            return;
        if (current < _room.ReachableCount)
            SendToSome(members, frame, except);
        else if (except is { IsCurrent: true })
            _room.PostToAllBut(except.User, frame);
        else
            _room.PostToAll(frame);
    }

    /// <summary>Ends the membership of all, and lets nobody in any more.</summary>
    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
        _members.Clear();
    }

    private void SendToSome(IReadOnlyCollection<Member> members, byte[] frame, Member? except)
    {
        KrmxUser[] receivers = [.. members.Where(member => member != except && member.IsCurrent).Select(static member => member.User)];
        if (receivers.Length > 0)
            _room.PostToSome(receivers, frame);
    }

    private void Welcome(KrmxUser user)
    {
        if (user.Receiver is not object receiver || Find(user) is not null)
            return;
        var member = new Member(user, receiver);
        _members[user] = member;
        _welcome(member);
    }

    private void Leave(KrmxUser user)
    {
        if (Find(user) is null)
            _members.Remove(user);
    }

    /// <summary>A user who has been sent the state.</summary>
    internal sealed class Member(KrmxUser user, object receiver)
    {
        public KrmxUser User => user;

        /// <summary>Whether what is sent to the user goes where the state was sent.</summary>
        public bool IsCurrent => ReferenceEquals(user.Receiver, receiver);

        /// <summary>What the state keeps for each member.</summary>
        public TData? Data { get; set; }
    }
}
