namespace Krmx.Rooms;

/// <summary>The rooms of one route.</summary>
/// <param name="Pattern">The route.</param>
/// <param name="Maker">What makes its rooms.</param>
/// <param name="Directory">Its rooms.</param>
internal sealed record RoomRoute(string Pattern, RoomMaker Maker, RoomDirectory<RunningRoom> Directory)
{
    /// <summary>How logs name a room.</summary>
    public string Label(string name) => Maker.Label(name);
}
