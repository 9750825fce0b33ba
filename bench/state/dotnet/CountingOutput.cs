using Krmx.Rooms;

namespace Krmx.StateBench;

/// <summary>Counts frames and bytes for each connection they go to; gives them to somebody only while a room is verified.</summary>
internal sealed class CountingOutput : IRoomDiagnostics
{
    private readonly SeatTable _seats = new();

    public RoomEffects Effects { get; } = new();

    public long Frames { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Given each frame; null while nobody wants them.</summary>
    public Action<ConnectionId, ReadOnlyMemory<byte>>? Recipient { get; set; }

    /// <summary>Ends a turn.</summary>
    public void Take()
    {
        foreach (ref readonly RoomEffect effect in Effects.InOrder)
        {
            if (effect.Kind == RoomEffectKind.Close)
                Fail("a connection was closed");
            _seats.Follow(effect);
            Count(effect);
            if (Recipient is not null)
                Give(effect);
        }
        Effects.Clear();
    }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason) => Fail(reason);

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) => Fail("the protocol was violated");

    public void PayloadRefused(string username, string messageType, Exception error) => Fail(error.Message);

    public void ListenerFailed(string eventName, Exception error) => Fail($"{eventName}: {error}");

    private void Count(in RoomEffect effect)
    {
        int frames = _seats.Count(effect);
        Frames += frames;
        Bytes += effect.Kind == RoomEffectKind.SendPicture ? effect.Frames.Sum(static frame => frame.Length) : (long)frames * effect.Frame.Length;
    }

    private void Give(in RoomEffect effect)
    {
        foreach (ConnectionId receiver in _seats.Receivers(effect))
        {
            foreach (ReadOnlyMemory<byte> frame in SeatTable.Frames(effect))
                Recipient!(receiver, frame);
        }
    }

    private static void Fail(string what) => throw new InvalidOperationException($"The benchmark is wrong: {what}.");
}
