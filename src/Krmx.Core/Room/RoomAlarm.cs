namespace Krmx.Rooms;

/// <summary>An alarm that is set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Due">When it rings, on the room's clock.</param>
/// <param name="Number">Which one it is of all that were set in the room; of those that are due together the lowest rings first.</param>
internal sealed record RoomAlarm(string Name, TimeSpan Due, long Number);
