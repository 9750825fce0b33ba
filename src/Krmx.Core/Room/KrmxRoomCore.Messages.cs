using Krmx.Protocol;

namespace Krmx;

// Messages of the application: each is encoded once, however many get it.
public partial class KrmxRoomCore
{
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

    /// <summary>Sends a message to those of some users who are reachable.</summary>
    /// <param name="usernames">The users; one that is named twice is sent it once.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, one of the users does not exist, or the message's type belongs to the protocol; nobody is sent anything.
    /// </exception>
    public void Send(IEnumerable<string> usernames, in KrmxMessage message) => SendToSome(usernames, message, isVolatile: false);

    /// <summary>Sends a message without a payload to those of some users who are reachable.</summary>
    /// <inheritdoc cref="Send(IEnumerable{string}, in KrmxMessage)"/>
    public void Send(IEnumerable<string> usernames, string type) => Send(usernames, new KrmxMessage(type));

    /// <summary>Sends a message to those of some users who are reachable.</summary>
    /// <param name="usernames">The users; one that is named twice is sent it once.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="payload">The message's payload.</param>
    /// <inheritdoc cref="Send(IEnumerable{string}, in KrmxMessage)"/>
    public void Send<T>(IEnumerable<string> usernames, string type, T payload) => Send(usernames, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends a message to every user who is reachable.</summary>
    /// <exception cref="KrmxException">The room is not open, or the message's type belongs to the protocol.</exception>
    public void Broadcast(in KrmxMessage message) => Broadcast(message, isVolatile: false);

    /// <summary>Sends a message without a payload to every user who is reachable.</summary>
    /// <inheritdoc cref="Broadcast(in KrmxMessage)"/>
    public void Broadcast(string type) => Broadcast(new KrmxMessage(type));

    /// <summary>Sends a message to every user who is reachable.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="payload">The message's payload.</param>
    /// <inheritdoc cref="Broadcast(in KrmxMessage)"/>
    public void Broadcast<T>(string type, T payload) => Broadcast(KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends a message to every user who is reachable but one.</summary>
    /// <param name="username">The user who is left out, reachable or not.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, the user left out does not exist, or the message's type belongs to the protocol.
    /// </exception>
    public void BroadcastExcept(string username, in KrmxMessage message) => BroadcastExcept(username, message, isVolatile: false);

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
    /// Sends one user a message that may be lost: a cursor, that somebody is typing. Who is away misses it, and so does a connection that has not taken what it
    /// was sent before. Protocol section 10.
    /// </summary>
    /// <exception cref="KrmxException">The room is not open, the user does not exist, or the message's type belongs to the protocol.</exception>
    public void SendVolatile(string username, in KrmxMessage message)
    {
        KrmxUser user = Existing(username, "send to a user");
        byte[] frame = Encode(message, isVolatile: true);
        using Scope scope = Enter();
        PostTo(user, frame, isVolatile: true);
    }

    /// <summary>Sends one user a message that may be lost, without a payload.</summary>
    /// <inheritdoc cref="SendVolatile(string, in KrmxMessage)"/>
    public void SendVolatile(string username, string type) => SendVolatile(username, new KrmxMessage(type));

    /// <inheritdoc cref="SendVolatile(string, in KrmxMessage)"/>
    public void SendVolatile<T>(string username, string type, T payload) => SendVolatile(username, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends some users a message that may be lost, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="Send(IEnumerable{string}, in KrmxMessage)"/>
    public void SendVolatile(IEnumerable<string> usernames, in KrmxMessage message) => SendToSome(usernames, message, isVolatile: true);

    /// <summary>Sends some users a message that may be lost, without a payload, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="Send(IEnumerable{string}, in KrmxMessage)"/>
    public void SendVolatile(IEnumerable<string> usernames, string type) => SendVolatile(usernames, new KrmxMessage(type));

    /// <summary>Sends some users a message that may be lost, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="Send{T}(IEnumerable{string}, string, T)"/>
    public void SendVolatile<T>(IEnumerable<string> usernames, string type, T payload) =>
        SendVolatile(usernames, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends every user who is linked a message that may be lost, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="Broadcast(in KrmxMessage)"/>
    public void BroadcastVolatile(in KrmxMessage message) => Broadcast(message, isVolatile: true);

    /// <summary>Sends every user who is linked a message that may be lost, without a payload, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="Broadcast(in KrmxMessage)"/>
    public void BroadcastVolatile(string type) => BroadcastVolatile(new KrmxMessage(type));

    /// <summary>Sends every user who is linked a message that may be lost, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="Broadcast{T}(string, T)"/>
    public void BroadcastVolatile<T>(string type, T payload) => BroadcastVolatile(KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Sends every user who is linked but one a message that may be lost, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="BroadcastExcept(string, in KrmxMessage)"/>
    public void BroadcastVolatileExcept(string username, in KrmxMessage message) => BroadcastExcept(username, message, isVolatile: true);

    /// <summary>
    /// Sends every user who is linked but one a message that may be lost, without a payload, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.
    /// </summary>
    /// <inheritdoc cref="BroadcastExcept(string, in KrmxMessage)"/>
    public void BroadcastVolatileExcept(string username, string type) => BroadcastVolatileExcept(username, new KrmxMessage(type));

    /// <summary>Sends every user who is linked but one a message that may be lost, as <see cref="SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <inheritdoc cref="BroadcastExcept{T}(string, string, T)"/>
    public void BroadcastVolatileExcept<T>(string username, string type, T payload) =>
        BroadcastVolatileExcept(username, KrmxMessage.Create(type, payload, _options.Json));

    /// <summary>Says that the room sends a message, so that its contract knows.</summary>
    /// <param name="type">The message's type.</param>
    /// <typeparam name="T">What its payload is.</typeparam>
    /// <exception cref="ArgumentException">The type belongs to the protocol.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="T"/>.</exception>
    public void Sends<T>(string type)
    {
        KrmxMessage.DemandCustom(type);
        VerifyUse();
        Contract.Sends(type, KrmxJson.TypeInfo<T>(_options.Json));
    }

    private static byte[] Encode(in KrmxMessage message, bool isVolatile = false)
    {
        Demand(!message.IsReserved, "send the message", $"the type '{message.Type}' belongs to the protocol");
        return FrameWriter.Write(message, isVolatile);
    }

    private void SendToSome(IEnumerable<string> usernames, in KrmxMessage message, bool isVolatile)
    {
        DemandOpen("send to a user");
        ArgumentNullException.ThrowIfNull(usernames);
        KrmxUser[] users = [.. usernames.Select(name => Existing(name, "send to a user")).Distinct()];
        byte[] frame = Encode(message, isVolatile);
        using Scope scope = Enter();
        PostToSome(users, frame, isVolatile);
    }

    private void Broadcast(in KrmxMessage message, bool isVolatile)
    {
        DemandOpen("broadcast");
        byte[] frame = Encode(message, isVolatile);
        using Scope scope = Enter();
        PostToAll(frame, isVolatile);
    }

    private void BroadcastExcept(string username, in KrmxMessage message, bool isVolatile)
    {
        KrmxUser left = Existing(username, "broadcast to all except a user");
        byte[] frame = Encode(message, isVolatile);
        using Scope scope = Enter();
        PostToAllBut(left, frame, isVolatile);
    }
}
