namespace Krmx.Rooms;

/// <summary>The kinds of things that a room's turn does to the world.</summary>
public enum RoomEffectKind
{
    /// <summary>A frame goes to one connection, seated or not.</summary>
    Send,

    /// <summary>Frames that tell a newcomer how things are go to one connection; they may be many.</summary>
    SendPicture,

    /// <summary>A frame goes to some connections.</summary>
    SendToSome,

    /// <summary>A frame goes to every connection of an audience that is seated at this place in the order.</summary>
    Broadcast,

    /// <summary>A frame goes to every connection but one that is seated at this place in the order.</summary>
    BroadcastExcept,

    /// <summary>A connection is linked: broadcasts after this go to it.</summary>
    Seat,

    /// <summary>A connection is not linked any more: broadcasts after this do not go to it.</summary>
    Unseat,

    /// <summary>A connection is closed after what was sent to it, in bounded time; its end is then an input.</summary>
    Close,

    /// <summary>The application is asked about a link attempt; its answer is an input.</summary>
    Authenticate,

    /// <summary>Nobody waits for an answer about a link attempt any more; one that comes will be ignored.</summary>
    CancelAuthentication,

    /// <summary>A linked connection is asked at once whether it is alive; the first thing that comes from it afterwards is an input.</summary>
    Challenge,
}
