using System.Diagnostics;

namespace Krmx.State.Tests.Npm;

/// <summary>jsondiffpatch 0.5.0 is the oracle: what it writes we read, and what we write it reads.</summary>
[FullRunOnly]
public class NpmDeltaTests
{
    [Fact]
    public async Task Deltas_AreReadByTheOther_BothWays()
    {
        using DeltaComparison comparison = await CompareAsync("plain", firstSeed: 1_000, pairs: 120_000, hazards: false);
        Assert.Equal(120_000, comparison.Pairs);
        Assert.Equal(0, comparison.NpmFailures);
        // Without these the agreement would mean little.
        Assert.True(comparison.Kinds is { Moves: > 5_000, Texts: > 5_000, Plain: > 50_000 }, comparison.Kinds.ToString());
    }

    /// <summary>Names that JavaScript has a meaning for. npm fails on many; what it gets right we read, and ours it always reads.</summary>
    [Fact]
    public async Task Deltas_OfHazardousNames_AreReadByTheOther()
    {
        using DeltaComparison comparison = await CompareAsync("hazardous", firstSeed: 500_000, pairs: 20_000, hazards: true);
        Assert.Equal(20_000, comparison.Pairs);
        Assert.InRange(comparison.NpmFailures, 1, 10_000);
        Assert.InRange(comparison.NpmFailuresReadRight, 1, comparison.NpmFailures);
    }

    private static async Task<DeltaComparison> CompareAsync(string what, int firstSeed, int pairs, bool hazards)
    {
        var time = Stopwatch.StartNew();
        var comparison = new DeltaComparison();
        using var other = new DeltaComparison();
        await Task.WhenAll(
            Task.Run(() => comparison.Run(firstSeed, pairs / 2, hazards)),
            Task.Run(() => other.Run(firstSeed + 100_000, pairs / 2, hazards)));
        comparison.Add(other);
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        output.WriteLine(
            $"{what}: {comparison.Pairs} pairs in {time.Elapsed.TotalSeconds:0.0} s; npm's deltas {comparison.Kinds}; "
            + $"npm fails on {comparison.NpmFailures}, of which ours reads {comparison.NpmFailuresReadRight} right");
        foreach ((string options, (long npm, long ours, int count)) in comparison.Sizes)
            output.WriteLine($"  {options}: {count} deltas, mean bytes {(double)npm / count:0} by npm, {(double)ours / count:0} by ours");
        return comparison;
    }
}
