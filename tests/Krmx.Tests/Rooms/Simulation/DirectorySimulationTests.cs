namespace Krmx.Tests.Rooms.Simulation;

/// <summary>Two rooms of one name never exist, nor more than there may be, whatever happens in whatever order.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class DirectorySimulationTests(ITestOutputHelper output)
{
    private const long Budget = 2_000_000;

    public static TheoryData<int> Setups => [.. Enumerable.Range(0, DirectorySetup.All(names: 2).Count())];

    [Fact]
    public void RandomPaths_LookLikeTheModel()
    {
        (long steps, string? problem) = DirectorySimulator.Random(firstSeed: 1, steps: 2_000_000);

        output.WriteLine($"{steps} steps");
        Assert.Null(problem);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void EveryShortPath_LooksLikeTheModel(int setup)
    {
        (long paths, string? problem) = DirectorySimulator.Exhaust(DirectorySetup.All(names: 2).ElementAt(setup), depth: 4);

        output.WriteLine($"{paths} paths");
        Assert.Null(problem);
    }

    /// <summary>Each rule broken once is found, or that nothing is found means little.</summary>
    [Fact]
    public void EveryMutant_IsFound()
    {
        long[] steps = new long[DirectoryMutants.All.Count];
        Parallel.For(0, steps.Length, i => steps[i] = DirectoryMutants.StepsToFailure(DirectoryMutants.All[i], Budget));

        string[] table = [.. DirectoryMutants.All.Select((mutant, i) => $"{steps[i]} steps: {mutant.Name}")];
        output.WriteLine(string.Join('\n', table));
        Assert.True(table.Length >= 35);
        Assert.DoesNotContain(table, static line => line.StartsWith('-'));
    }

    [Fact]
    public void DirectoryWithoutDefect_IsFoundRight() =>
        Assert.Equal(-1, DirectoryMutants.StepsToFailure(mutant: null, Budget));
}
