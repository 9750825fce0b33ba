namespace Krmx.Fuzz;

/// <summary>A property that holds for any bytes.</summary>
/// <param name="Name">What the target is called on the command line, and its folder of the corpus.</param>
/// <param name="Check">Throws where the property does not hold; no exception may be caught that the property does not name.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Check)
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("messages", Messages.Check),
        new("links", Links.Check),
        new("deltas", Deltas.Check),
        new("server", ServerSteps.Check),
    ];
}
