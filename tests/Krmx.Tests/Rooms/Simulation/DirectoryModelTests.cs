namespace Krmx.Tests.Rooms.Simulation;

/// <summary>A little of <see cref="DirectorySimulationTests"/>, for while one writes.</summary>
public class DirectoryModelTests
{
    [Fact]
    public void SomeRandomPaths_LookLikeTheModel() => Assert.Null(DirectorySimulator.Random(firstSeed: 5_000_000, steps: 20_000).Problem);
}
