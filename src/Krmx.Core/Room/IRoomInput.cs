using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What happens to a room; called by what drives it, one call at a time, never from inside a listener.</summary>
/// <remarks>
/// Inputs about connections and attempts that are over are ignored: they cross with the room's own decisions on their way.
/// An input that nothing correct gives – a second opening, a call from inside a listener – throws <see cref="InvalidOperationException"/>
/// and changes nothing.
/// </remarks>
public interface IRoomInput
{
    /// <summary>Whether links wait for <see cref="AuthenticationCompleted"/>. Default: false; anybody may be anybody.</summary>
    bool AsksAuthentication { get; set; }

    /// <summary>When time has to be told to the room by <see cref="Advance"/>; null where it waits for nothing.</summary>
    TimeSpan? NextDue { get; }

    /// <summary>Time has passed: what was due by now happens.</summary>
    /// <param name="now">The time on the room's clock; it never goes back.</param>
    void Advance(TimeSpan now);

    /// <summary>The room begins: it calls those who listen to the open event, and may be used; nobody is let in yet.</summary>
    void Open();

    /// <summary>All that the room waited for before it lets anybody in is done.</summary>
    void Opened();

    /// <summary>The room is to close: every user leaves and every connection is told to close (protocol section 4).</summary>
    /// <param name="code">What connections are told: <see cref="CloseCode.ServiceRestart"/> where the process stops.</param>
    void Close(CloseCode code = CloseCode.GoingAway);

    /// <summary>
    /// The room is to rest: every connection is told to close, nobody leaves, and what it keeps is as it was, for whoever makes it anew from that.
    /// </summary>
    /// <param name="code">What connections are told.</param>
    void Rest(CloseCode code);

    /// <summary>Takes what is to be stored before what the turn did leaves; called when the turn is over. Of a room that is not durable it is nothing.</summary>
    /// <param name="isLast">Whether nothing comes after it, so that what could wait cannot. Default: false.</param>
    /// <returns>What the changes since the last time were; null where there is nothing that anybody might be told.</returns>
    ReadOnlyMemory<byte>? TakeRecord(bool isLast = false);

    /// <summary>Takes how everything is, in place of all that was written down so far; called right behind <see cref="TakeRecord"/>.</summary>
    ReadOnlyMemory<byte> TakeSnapshot();

    /// <summary>The time of day at which the next alarm rings; null where there is none, and of a room that is not durable.</summary>
    DateTimeOffset? NextAlarm { get; }

    /// <summary>A turn is over: what waited for its end is among its effects from now on. Protocol section 10.</summary>
    void EndTurn();

    /// <summary>A connection opened.</summary>
    /// <param name="connection">Its name.</param>
    /// <param name="facts">What authentication may want to know of it; null for nothing.</param>
    void ConnectionOpened(ConnectionId connection, KrmxConnectionInfo? facts = null);

    /// <summary>A frame arrived.</summary>
    /// <param name="connection">Where from.</param>
    /// <param name="frame">The frame.</param>
    void FrameReceived(ConnectionId connection, InboundFrame frame);

    /// <summary>A connection is gone; nothing may be sent to it any more.</summary>
    /// <param name="connection">Its name.</param>
    /// <param name="reason">Why; what the application is told if a user was linked to it.</param>
    void ConnectionClosed(ConnectionId connection, UnlinkReason reason = UnlinkReason.ConnectionClosed);

    /// <summary>A connection has shown that it is alive after a <see cref="RoomEffectKind.Challenge"/>, by a pong say (protocol section 4).</summary>
    /// <remarks>
    /// For what a room does not see by itself: <see cref="FrameReceived"/> counts as an answer. Without a challenge it means nothing, then or later.
    /// </remarks>
    /// <param name="connection">Its name.</param>
    void ConnectionAnswered(ConnectionId connection);

    /// <summary>An authentication has been decided.</summary>
    /// <param name="attempt">Which one.</param>
    /// <param name="result">The decision.</param>
    void AuthenticationCompleted(AttemptId attempt, LinkResult result);
}
