namespace Krmx.Rooms;

/// <summary>A time at which a room is woken.</summary>
/// <param name="Room">The room.</param>
/// <param name="Due">The time, on the clock of all rooms.</param>
/// <param name="Number">Which one it is of all; no two have the same.</param>
internal sealed record RoomWake(KrmxRoom Room, TimeSpan Due, long Number);
