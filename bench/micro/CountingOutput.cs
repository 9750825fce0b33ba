using Krmx.Rooms;

namespace Krmx.MicroBench;

/// <summary>Takes a room's effects and does nothing but count the frames.</summary>
internal sealed class CountingOutput : IRoomDiagnostics
{
    private readonly SeatTable _seats = new();

    public RoomEffects Effects { get; } = new();

    public long Frames { get; private set; }

    /// <summary>Ends a turn.</summary>
    public void Take()
    {
        foreach (ref readonly RoomEffect effect in Effects.InOrder)
        {
            _seats.Follow(effect);
            Frames += _seats.Count(effect);
        }
        Effects.Clear();
    }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType)
    {
    }

    public void PayloadRefused(string username, string messageType, Exception error)
    {
    }

    public void ListenerFailed(string eventName, Exception error) => throw error;
}
