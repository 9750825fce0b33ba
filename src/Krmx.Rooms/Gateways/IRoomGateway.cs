namespace Krmx.Rooms;

/// <summary>What holds a room's connections: it carries out what the room's turns do to them.</summary>
internal interface IRoomGateway
{
    /// <summary>Carries out a turn's effects, in order; called at the turn's end, in it, so it must neither block nor call the room.</summary>
    /// <param name="effects">The effects, valid during the call; those of authentication are not for gateways.</param>
    void Deliver(ReadOnlySpan<RoomEffect> effects);
}
