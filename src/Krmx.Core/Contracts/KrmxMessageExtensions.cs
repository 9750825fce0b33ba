#if NET
using Krmx.Contracts;

namespace Krmx;

/// <summary>Listens to and sends messages that know their type.</summary>
public static class KrmxMessageExtensions
{
    /// <summary>Calls a listener for every message of one type, with its payload read.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnMessage{T}(string, Action{KrmxUser, T})"/>
    public static IDisposable OnMessage<T>(this KrmxRoomCore room, Action<KrmxUser, T> listener)
        where T : IKrmxMessage =>
        Of(room).OnMessage(T.Type, listener);

    /// <summary>Says that the room sends a message, so that its contract knows; each one that knows its type is to be said before it is sent.</summary>
    /// <inheritdoc cref="KrmxRoomCore.Sends{T}(string)"/>
    public static void Sends<T>(this KrmxRoomCore room)
        where T : IKrmxMessage =>
        Of(room).Sends<T>(T.Type);

    /// <summary>Sends a message to one user: now, or when its client comes back, if that is expected.</summary>
    /// <exception cref="KrmxException">
    /// The room is not open, the user does not exist or is not reachable, or the room has not said that it sends such messages.
    /// </exception>
    public static void Send<T>(this KrmxRoomCore room, string username, T message)
        where T : IKrmxMessage =>
        room.Send(username, Encode(room, message));

    /// <summary>Sends a message to those of some users who are reachable.</summary>
    /// <param name="room">The room.</param>
    /// <param name="usernames">The users; one that is named twice is sent it once.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, one of the users does not exist, or the room has not said that it sends such messages; nobody is sent anything.
    /// </exception>
    public static void Send<T>(this KrmxRoomCore room, IEnumerable<string> usernames, T message)
        where T : IKrmxMessage =>
        room.Send(usernames, Encode(room, message));

    /// <summary>Sends a message to every user who is reachable.</summary>
    /// <exception cref="KrmxException">The room is not open, or has not said that it sends such messages.</exception>
    public static void Broadcast<T>(this KrmxRoomCore room, T message)
        where T : IKrmxMessage =>
        room.Broadcast(Encode(room, message));

    /// <summary>Sends a message to every user who is reachable but one.</summary>
    /// <param name="room">The room.</param>
    /// <param name="username">The user who is left out, reachable or not.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, the user left out does not exist, or the room has not said that it sends such messages.
    /// </exception>
    public static void BroadcastExcept<T>(this KrmxRoomCore room, string username, T message)
        where T : IKrmxMessage =>
        room.BroadcastExcept(username, Encode(room, message));

    /// <summary>Sends a user a message that may be lost, as <see cref="KrmxRoomCore.SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <exception cref="KrmxException">
    /// The room is not open, the user does not exist, or the room has not said that it sends such messages.
    /// </exception>
    public static void SendVolatile<T>(this KrmxRoomCore room, string username, T message)
        where T : IKrmxMessage =>
        room.SendVolatile(username, Encode(room, message));

    /// <summary>Sends some users a message that may be lost, as <see cref="KrmxRoomCore.SendVolatile(string, in KrmxMessage)"/> does.</summary>
    /// <param name="room">The room.</param>
    /// <param name="usernames">The users; one that is named twice is sent it once.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, one of the users does not exist, or the room has not said that it sends such messages; nobody is sent anything.
    /// </exception>
    public static void SendVolatile<T>(this KrmxRoomCore room, IEnumerable<string> usernames, T message)
        where T : IKrmxMessage =>
        room.SendVolatile(usernames, Encode(room, message));

    /// <summary>
    /// Sends every user who is linked a message that may be lost, as <see cref="KrmxRoomCore.SendVolatile(string, in KrmxMessage)"/> does.
    /// </summary>
    /// <exception cref="KrmxException">The room is not open, or has not said that it sends such messages.</exception>
    public static void BroadcastVolatile<T>(this KrmxRoomCore room, T message)
        where T : IKrmxMessage =>
        room.BroadcastVolatile(Encode(room, message));

    /// <summary>
    /// Sends every user who is linked but one a message that may be lost, as <see cref="KrmxRoomCore.SendVolatile(string, in KrmxMessage)"/> does.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="username">The user who is left out, linked or not.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="KrmxException">
    /// The room is not open, the user left out does not exist, or the room has not said that it sends such messages.
    /// </exception>
    public static void BroadcastVolatileExcept<T>(this KrmxRoomCore room, string username, T message)
        where T : IKrmxMessage =>
        room.BroadcastVolatileExcept(username, Encode(room, message));

    /// <summary>Calls a listener for every message of one type, with its payload read.</summary>
    /// <inheritdoc cref="KrmxClientCore.OnMessage{T}(string, Action{T})"/>
    public static IDisposable OnMessage<T>(this KrmxClientCore client, Action<T> listener)
        where T : IKrmxMessage
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.OnMessage(T.Type, listener);
    }

    private static KrmxMessage Encode<T>(KrmxRoomCore room, T message)
        where T : IKrmxMessage
    {
        Of(room).Contract.DemandSent(T.Type, typeof(T));
        return KrmxMessage.Create(T.Type, message, room.Json);
    }

    private static KrmxRoomCore Of(KrmxRoomCore room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return room;
    }
}
#endif
