using System.Diagnostics;
using Krmx.Load;

namespace Krmx.FunctionalTests.Load;

public class LatenciesTests
{
    [Theory]
    [InlineData(0.5, 500)]
    [InlineData(0.99, 990)]
    [InlineData(1, 1000)]
    [InlineData(0, 1)]
    public void Percentiles_AreRightToTwoPercent(double part, double milliseconds)
    {
        var latencies = new Latencies();
        foreach (int i in Enumerable.Range(1, 1000).Reverse())
            latencies.Record(i * (Stopwatch.Frequency / 1000));

        Assert.Equal(1000, latencies.Count);
        Assert.InRange(latencies.Milliseconds(part), milliseconds * 0.98, milliseconds * 1.02);
    }

    [Fact]
    public void OfNothing_ThereIsNone()
    {
        var latencies = new Latencies();
        latencies.Record(5);
        latencies.Clear();

        Assert.True(double.IsNaN(latencies.Milliseconds(0.5)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void AnyTime_CanBeRecorded(long ticks)
    {
        var latencies = new Latencies();

        latencies.Record(ticks);

        Assert.Equal(1, latencies.Count);
        Assert.True(latencies.Milliseconds(1) >= 0);
    }
}
