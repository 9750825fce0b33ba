using System.Text.Json;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// What the application does (protocol section 4, "Application calls"): a refused call throws and changes nothing.
public partial class KrmxRoomCore
{
    private ConnectionId[] _recipients = [];

    private string StatusText => Status.ToString().ToLowerInvariant();

    /// <summary>Whether there is a user of that name; names are compared letter for letter.</summary>
    public bool HasUser(string username) => _roster.TryGet(username, out _);

    /// <summary>Finds a user by name.</summary>
    /// <returns>The user, or null when there is none; names are compared letter for letter.</returns>
    public KrmxUser? FindUser(string username) => _roster.Find(username);

    /// <summary>Adds a user without a connection: a seat that somebody may link to later.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="KrmxException">The server is not listening, the name is no username, or there is such a user.</exception>
    public KrmxUser Join(string username)
    {
        DemandListening("join a user");
        Demand(username is not null && IsUsername(username), "join a user", $"'{username}' is not a valid username");
        Demand(!HasUser(username!), "join a user", $"user {username} exists already");
        using Scope scope = Enter();
        return JoinUser(username!);
    }

    /// <summary>Ends a user's tie to its connection; both stay.</summary>
    /// <exception cref="KrmxException">The server is not listening, or the user does not exist or is not linked.</exception>
    public void Unlink(string username)
    {
        KrmxUser user = Existing(username, "unlink a user");
        Demand(user.IsLinked, "unlink a user", $"user {username} is not linked");
        using Scope scope = Enter();
        UnlinkUser(user, UnlinkReason.Application);
    }

    /// <summary>Removes a user, linked or not; the connection stays open and may link again.</summary>
    /// <exception cref="KrmxException">The server is not listening, or the user does not exist.</exception>
    public void Kick(string username)
    {
        KrmxUser user = Existing(username, "kick a user");
        using Scope scope = Enter();
        LeaveUser(user);
    }

    /// <summary>Sends a message to one linked user.</summary>
    /// <exception cref="KrmxException">
    /// The server is not listening, the user does not exist or is not linked, or the message's type belongs to the protocol.
    /// </exception>
    public void Send(string username, in KrmxMessage message)
    {
        KrmxUser user = Existing(username, "send to a user");
        Demand(user.IsLinked, "send to a user", $"user {username} is not linked");
        using Scope scope = Enter();
        _output.Send(user.Connection!.Id, Encode(message));
    }

    /// <summary>Sends a message without a payload to one linked user.</summary>
    /// <inheritdoc cref="Send(string, in KrmxMessage)"/>
    public void Send(string username, string type) => Send(username, new KrmxMessage(type));

    /// <summary>Sends a message to one linked user.</summary>
    /// <inheritdoc cref="Send(string, in KrmxMessage)"/>
    public void Send<T>(string username, string type, T payload) => Send(username, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends a message to every linked user, in the order they joined; encoded once.</summary>
    /// <param name="message">The message.</param>
    /// <param name="except">A user who is left out; null leaves out nobody.</param>
    /// <exception cref="KrmxException">
    /// The server is not listening, the user left out does not exist, or the message's type belongs to the protocol.
    /// </exception>
    public void Broadcast(in KrmxMessage message, string? except = null)
    {
        DemandListening("broadcast");
        KrmxUser? left = except is null ? null : Existing(except, "broadcast to all except a user");
        byte[] frame = Encode(message);
        using Scope scope = Enter();
        if (left?.Connection is RoomConnection own)
            SendToOthers(own.Id, frame);
        else
            SendToLinked(frame);
    }

    /// <summary>Sends a message without a payload to every linked user.</summary>
    /// <inheritdoc cref="Broadcast(in KrmxMessage, string?)"/>
    public void Broadcast(string type) => Broadcast(new KrmxMessage(type));

    /// <summary>Sends a message to every linked user.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="payload">The message's payload.</param>
    /// <param name="except">A user who is left out; null leaves out nobody.</param>
    /// <inheritdoc cref="Broadcast(in KrmxMessage, string?)"/>
    public void Broadcast<T>(string type, T payload, string? except = null) =>
        Broadcast(KrmxMessage.Create(type, payload, _options.Json), except);

    /// <summary>
    /// Called first by every member that changes or sends something; a host with threads throws here when it is not in a turn.
    /// </summary>
    protected virtual void VerifyTurn()
    {
    }

    /// <summary>How payloads are read and written.</summary>
    internal JsonSerializerOptions Json => _options.Json;

    /// <summary>Demands a turn, except of a server that is being configured and so has none yet.</summary>
    internal void VerifyUse()
    {
        if (Status != RoomStatus.Initializing)
            VerifyTurn();
    }

    /// <summary>Sends a frame of shared state to connections that are linked.</summary>
    internal void SendFrame(ReadOnlySpan<ConnectionId> connections, byte[] frame)
    {
        if (!connections.IsEmpty && Status == RoomStatus.Listening)
            _output.Send(connections, frame);
    }

    /// <summary>Reports a message of a user that was not understood.</summary>
    internal void ReportRefused(string username, string messageType, Exception error) =>
        _output.PayloadRefused(username, messageType, error);

    /// <summary>Reports what the application's own code threw.</summary>
    internal void ReportFailed(string what, Exception error) => _output.ListenerFailed(what, error);

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

    private void DemandListening(string what)
    {
        VerifyTurn();
        Demand(Status == RoomStatus.Listening, what, $"the server is {StatusText}");
    }

    private KrmxUser Existing(string username, string what)
    {
        DemandListening(what);
        KrmxUser? user = _roster.Find(username);
        if (user is null)
            throw new KrmxException($"cannot {what} that does not exist: '{username}'");
        return user;
    }

    private void SendToOthers(ConnectionId own, byte[] frame)
    {
        ReadOnlySpan<ConnectionId> linked = _roster.LinkedConnections;
        if (_recipients.Length < linked.Length)
            _recipients = new ConnectionId[2 * linked.Length];
        int count = 0;
        foreach (ConnectionId connection in linked)
        {
            if (connection != own)
                _recipients[count++] = connection;
        }
        if (count > 0)
            _output.Send(_recipients.AsSpan(0, count), frame);
    }
}
