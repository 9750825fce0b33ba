using System.Buffers;

namespace Krmx.Rooms;

/// <summary>What a room's turn does to the world, in order: filled by the room, taken by what drives it when the turn is over.</summary>
/// <remarks>
/// A room never waits for an effect and never hears of one that failed but by an input, so effects can be taken late, stored first, or carried to
/// another machine. Belongs to the room's turn, as the room does; between turns it holds no memory.
/// </remarks>
public sealed class RoomEffects
{
    private RoomEffect[] _effects = [];
    private int _count;

    /// <summary>The effects since the last <see cref="Clear"/>, in order; valid until more are added.</summary>
    public ReadOnlySpan<RoomEffect> InOrder => _effects.AsSpan(0, _count);

    /// <summary>How many bytes of frames the effects hold, each frame counted once: so much output waits for the end of the turn.</summary>
    public long FrameBytes { get; private set; }

    /// <summary>Forgets the effects, which have been taken.</summary>
    public void Clear()
    {
        if (_effects.Length == 0)
            return;
        _effects.AsSpan(0, _count).Clear();
        ArrayPool<RoomEffect>.Shared.Return(_effects);
        _effects = [];
        _count = 0;
        FrameBytes = 0;
    }

    internal void Send(ConnectionId connection, ReadOnlyMemory<byte> frame, bool isVolatile = false) =>
        Add(new RoomEffect(RoomEffectKind.Send, connection, frame, isVolatile: isVolatile));

    internal void SendPicture(ConnectionId connection, IReadOnlyList<ReadOnlyMemory<byte>> frames) =>
        Add(new RoomEffect(RoomEffectKind.SendPicture, connection, detail: frames));

    internal void SendToSome(IReadOnlyList<ConnectionId> connections, ReadOnlyMemory<byte> frame, bool isVolatile = false) =>
        Add(new RoomEffect(RoomEffectKind.SendToSome, frame: frame, detail: connections, isVolatile: isVolatile));

    internal void Broadcast(ReadOnlyMemory<byte> frame, RoomAudience audience = RoomAudience.Everybody, bool isVolatile = false) =>
        Add(new RoomEffect(RoomEffectKind.Broadcast, frame: frame, number: (int)audience, isVolatile: isVolatile));

    internal void BroadcastExcept(ConnectionId connection, ReadOnlyMemory<byte> frame, bool isVolatile = false) =>
        Add(new RoomEffect(RoomEffectKind.BroadcastExcept, connection, frame, isVolatile: isVolatile));

    internal void Seat(ConnectionId connection, RoomAudience audience, string username) =>
        Add(new RoomEffect(RoomEffectKind.Seat, connection, detail: username, number: (int)audience));

    internal void Unseat(ConnectionId connection) => Add(new RoomEffect(RoomEffectKind.Unseat, connection));

    internal void Close(ConnectionId connection, CloseCode code, string description) =>
        Add(new RoomEffect(RoomEffectKind.Close, connection, detail: description, number: (int)code));

    internal void Authenticate(ConnectionId connection, AttemptId attempt, LinkRequest request) =>
        Add(new RoomEffect(RoomEffectKind.Authenticate, connection, detail: request, number: attempt.Value));

    internal void CancelAuthentication(ConnectionId connection, AttemptId attempt) =>
        Add(new RoomEffect(RoomEffectKind.CancelAuthentication, connection, number: attempt.Value));

    internal void Challenge(ConnectionId connection) => Add(new RoomEffect(RoomEffectKind.Challenge, connection));

    private void Add(in RoomEffect effect)
    {
        if (_count == _effects.Length)
            Grow();
        _effects[_count++] = effect;
        FrameBytes += effect.Frame.Length;
    }

    private void Grow()
    {
        RoomEffect[] larger = ArrayPool<RoomEffect>.Shared.Rent(Math.Max(16, 2 * _count));
        _effects.AsSpan(0, _count).CopyTo(larger);
        if (_effects.Length > 0)
        {
            _effects.AsSpan(0, _count).Clear();
            ArrayPool<RoomEffect>.Shared.Return(_effects);
        }
        _effects = larger;
    }
}
