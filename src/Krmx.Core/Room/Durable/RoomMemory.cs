namespace Krmx.Rooms;

/// <summary>What a durable room is made from: what it wrote down before, of which there is nothing where it is new.</summary>
public sealed class RoomMemory
{
    /// <summary>Makes a memory.</summary>
    /// <param name="clockZero">The time of day at which the room's clock begins, so that alarms ring when they should have.</param>
    /// <param name="turns">A snapshot, if one was taken, and what the turns behind it wrote, in order. Default: nothing.</param>
    public RoomMemory(DateTimeOffset clockZero, IEnumerable<ReadOnlyMemory<byte>>? turns = null)
    {
        ClockZero = clockZero;
        Turns = turns ?? [];
    }

    /// <summary>The time of day at which the room's clock begins.</summary>
    public DateTimeOffset ClockZero { get; }

    /// <summary>What was written, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Turns { get; }

    /// <summary>What the room's clock says when the room is made. Default: zero.</summary>
    public TimeSpan Now { get; init; }

    /// <summary>
    /// Whether users may have been told what was never written down, so that no client may go on where it left off: as after a crash of a room whose output did
    /// not wait for the store. Default: false.
    /// </summary>
    public bool ForgetsSessions { get; init; }
}
