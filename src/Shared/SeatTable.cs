using Krmx.Rooms;

namespace Krmx;

/// <summary>Follows who is seated in a room, and says whom each effect goes to: a gateway in a few lines, for memory.</summary>
internal sealed class SeatTable
{
    private readonly List<(ConnectionId Connection, RoomAudience Audience)> _seated = [];

    /// <summary>Notes an effect that changes who is seated; to be called for every effect, in order.</summary>
    public void Follow(in RoomEffect effect)
    {
        if (effect.Kind == RoomEffectKind.Seat)
            _seated.Add((effect.Connection, effect.Audience));
        else if (effect.Kind == RoomEffectKind.Unseat)
            _seated.RemoveAt(IndexOf(effect.Connection));
    }

    /// <summary>The connections that an effect sends frames to, those who were seated first coming first; none where it sends nothing.</summary>
    public IReadOnlyList<ConnectionId> Receivers(in RoomEffect effect)
    {
        (ConnectionId connection, RoomAudience audience) = (effect.Connection, effect.Audience);
        return effect.Kind switch
        {
            RoomEffectKind.Send or RoomEffectKind.SendPicture => [connection],
            RoomEffectKind.SendToSome => effect.Connections,
            RoomEffectKind.Broadcast => [.. _seated.Where(seat => IsFor(audience, seat.Audience)).Select(static seat => seat.Connection)],
            RoomEffectKind.BroadcastExcept => [.. _seated.Where(seat => seat.Connection != connection).Select(static seat => seat.Connection)],
            _ => [],
        };
    }

    /// <summary>How many frames an effect sends, each connection's counted.</summary>
    public int Count(in RoomEffect effect) => effect.Kind switch
    {
        RoomEffectKind.Broadcast when effect.Audience == RoomAudience.Everybody => _seated.Count,
        RoomEffectKind.Broadcast => Receivers(effect).Count,
        RoomEffectKind.BroadcastExcept => _seated.Count - 1,
        RoomEffectKind.SendPicture => effect.Frames.Count,
        RoomEffectKind.SendToSome => effect.Connections.Count,
        RoomEffectKind.Send => 1,
        _ => 0,
    };

    /// <summary>The frames that an effect sends, in order.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Frames(in RoomEffect effect) =>
        effect.Kind == RoomEffectKind.SendPicture ? effect.Frames : [effect.Frame];

    private static bool IsFor(RoomAudience audience, RoomAudience seat) => audience == RoomAudience.Everybody || audience == seat;

    private int IndexOf(ConnectionId connection) => _seated.FindIndex(seat => seat.Connection == connection);
}
