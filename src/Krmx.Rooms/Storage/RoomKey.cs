namespace Krmx.Storage;

/// <summary>What a stored room is known by: no two of a store have the same.</summary>
/// <param name="Route">The route's pattern.</param>
/// <param name="Name">The room's name; empty where the route has one room.</param>
public readonly record struct RoomKey(string Route, string Name)
{
    /// <summary>The pattern, and the name where there is one.</summary>
    public override string ToString() => Name.Length == 0 ? Route : $"{Route} {Name}";
}
