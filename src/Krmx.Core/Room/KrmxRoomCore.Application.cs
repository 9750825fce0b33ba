using System.Text.Json;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// What the application does (protocol section 4, "Application calls"): a refused call throws and changes nothing.
public partial class KrmxRoomCore
{
    private string StatusText => Status.ToString().ToLowerInvariant();

    /// <summary>Whether there is a user of that name; names are compared letter for letter.</summary>
    public bool HasUser(string username) => FindUser(username) is not null;

    /// <summary>Finds a user by name.</summary>
    /// <returns>The user, or null when there is none; names are compared letter for letter.</returns>
    public KrmxUser? FindUser(string username)
    {
        VerifyUse();
        return _roster.Find(username);
    }

    /// <summary>Adds a user without a connection: a seat that somebody may link to later.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="KrmxException">
    /// The room is not open, the name is no username, there is such a user, or the room is full and nobody can be let go.
    /// </exception>
    public KrmxUser Join(string username)
    {
        DemandOpen("join a user");
        Demand(username is not null && IsUsername(username), "join a user", $"'{username}' is not a valid username");
        Demand(!HasUser(username!), "join a user", $"user {username} exists already");
        Demand(HasPlace, "join a user", Reasons.TooManyUsers);
        using Scope scope = Enter();
        return JoinUser(username!);
    }

    /// <summary>Ends a user's tie to its connection; both stay.</summary>
    /// <exception cref="KrmxException">The room is not open, or the user does not exist or is not linked.</exception>
    public void Unlink(string username)
    {
        KrmxUser user = Existing(username, "unlink a user");
        Demand(user.IsLinked, "unlink a user", $"user {username} is not linked");
        using Scope scope = Enter();
        UnlinkUser(user, UnlinkReason.Application);
    }

    /// <summary>Removes a user, linked or not; the connection stays open and may link again.</summary>
    /// <exception cref="KrmxException">The room is not open, or the user does not exist.</exception>
    public void Kick(string username)
    {
        KrmxUser user = Existing(username, "kick a user");
        using Scope scope = Enter();
        LeaveUser(user);
    }

    /// <summary>Sends a message to one user: now, or when its client comes back, if that is expected.</summary>
    /// <exception cref="KrmxException">
    /// The room is not open, the user does not exist or is not reachable, or the message's type belongs to the protocol.
    /// </exception>
    public void Send(string username, in KrmxMessage message)
    {
        KrmxUser user = Existing(username, "send to a user");
        Demand(user.IsReachable, "send to a user", $"user {username} is not linked");
        using Scope scope = Enter();
        PostTo(user, Encode(message));
    }

    /// <summary>Sends a message without a payload to one user: now, or when its client comes back, if that is expected.</summary>
    /// <inheritdoc cref="Send(string, in KrmxMessage)"/>
    public void Send(string username, string type) => Send(username, new KrmxMessage(type));

    /// <summary>Sends a message to one user: now, or when its client comes back, if that is expected.</summary>
    /// <inheritdoc cref="Send(string, in KrmxMessage)"/>
    public void Send<T>(string username, string type, T payload) => Send(username, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends a message to every user who is reachable; encoded once.</summary>
    /// <exception cref="KrmxException">The room is not open, or the message's type belongs to the protocol.</exception>
    public void Broadcast(in KrmxMessage message)
    {
        DemandOpen("broadcast");
        byte[] frame = Encode(message);
        using Scope scope = Enter();
        PostToAll(frame);
    }

    /// <summary>Sends a message without a payload to every user who is reachable.</summary>
    /// <inheritdoc cref="Broadcast(in KrmxMessage)"/>
    public void Broadcast(string type) => Broadcast(new KrmxMessage(type));

    /// <summary>Sends a message to every user who is reachable.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="payload">The message's payload.</param>
    /// <inheritdoc cref="Broadcast(in KrmxMessage)"/>
    public void Broadcast<T>(string type, T payload) => Broadcast(KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends a message to every user who is reachable but one; encoded once.</summary>
    /// <param name="username">The user who is left out, reachable or not.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, the user left out does not exist, or the message's type belongs to the protocol.
    /// </exception>
    public void BroadcastExcept(string username, in KrmxMessage message)
    {
        KrmxUser left = Existing(username, "broadcast to all except a user");
        byte[] frame = Encode(message);
        using Scope scope = Enter();
        PostToAllBut(left, frame);
    }

    /// <summary>Sends a message without a payload to every user who is reachable but one.</summary>
    /// <inheritdoc cref="BroadcastExcept(string, in KrmxMessage)"/>
    public void BroadcastExcept(string username, string type) => BroadcastExcept(username, new KrmxMessage(type));

    /// <summary>Sends a message to every user who is reachable but one.</summary>
    /// <param name="username">The user who is left out, reachable or not.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="payload">The message's payload.</param>
    /// <inheritdoc cref="BroadcastExcept(string, in KrmxMessage)"/>
    public void BroadcastExcept<T>(string username, string type, T payload) =>
        BroadcastExcept(username, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>
    /// Called first by every member of the application's; a room with threads throws here when the caller is not in one of its turns.
    /// </summary>
    protected virtual void VerifyTurn()
    {
    }

    /// <summary>How payloads are read and written.</summary>
    internal JsonSerializerOptions Json => _options.Json;

    /// <summary>Demands a turn, except of a room that is being set up and so has none yet.</summary>
    internal void VerifyUse()
    {
        if (Status != RoomStatus.Initializing)
            VerifyTurn();
    }

    /// <summary>Whether users can be sent something.</summary>
    internal bool IsOpen => Status == RoomStatus.Open;

    /// <summary>Reports a message of a user that was not understood.</summary>
    internal void ReportRefused(string username, string messageType, Exception error) =>
        _diagnostics.PayloadRefused(username, messageType, error);

    /// <summary>Reports what the application's own code threw.</summary>
    internal void ReportFailed(string what, Exception error) => _diagnostics.ListenerFailed(what, error);

    private static byte[] Encode(in KrmxMessage message)
    {
        Demand(!message.IsReserved, "send the message", $"the type '{message.Type}' belongs to the protocol");
        return FrameWriter.Write(message);
    }

    private static void Demand(bool condition, string what, string why)
    {
        if (!condition)
            throw new KrmxException($"cannot {what}: {why}");
    }

    private void DemandOpen(string what)
    {
        VerifyTurn();
        Demand(Status is RoomStatus.Opening or RoomStatus.Open, what, $"the room is {StatusText}");
    }

    private KrmxUser Existing(string username, string what)
    {
        DemandOpen(what);
        KrmxUser? user = _roster.Find(username);
        if (user is null)
            throw new KrmxException($"cannot {what} that does not exist: '{username}'");
        return user;
    }
}
