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
            room.OnLeave(_ =>
            {
                if (room.UserCount == 0)
                    emptied();
            }),
        ];
    }

    /// <summary>The members that can be sent something now.</summary>
    public IEnumerable<Member> Members => _members.Values.Where(static member => member.IsCurrent);

    /// <summary>Lets in those who are linked already; called once, when the state can be sent.</summary>
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
        if (frames.Length > 0)
            _room.PictureOutput?.SendPicture(member.Connection.Id, frames);
    }

    /// <summary>Sends a frame to one member.</summary>
    public void Send(Member member, byte[] frame) => _room.StateOutput?.Send(member.Connection.Id, frame);

    /// <summary>Sends a frame to all members but one.</summary>
    public void SendToAll(byte[] frame, Member? except = null) => Send(_members.Values, frame, except);

    /// <summary>Sends a frame to some members.</summary>
    public void Send(IReadOnlyCollection<Member> members, byte[] frame, Member? except = null)
    {
        if (_room.StateOutput is not RoomEffects output)
            return;
        int current = members.Count(static member => member.IsCurrent);
        if (current == 0)
            return;
        if (current < _room.LinkedCount)
            SendToSome(output, members, frame, except);
        else if (except is { IsCurrent: true })
            output.BroadcastExcept(except.Connection.Id, frame);
        else
            output.Broadcast(frame);
    }

    /// <summary>Ends the membership of all, and lets nobody in any more.</summary>
    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
        _members.Clear();
    }

    private static void SendToSome(RoomEffects output, IReadOnlyCollection<Member> members, byte[] frame, Member? except)
    {
        ConnectionId[] receivers =
            [.. members.Where(member => member != except && member.IsCurrent).Select(static member => member.Connection.Id)];
        if (receivers.Length > 0)
            output.SendToSome(receivers, frame);
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
