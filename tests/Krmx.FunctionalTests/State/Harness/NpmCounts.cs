using System.Text.Json.Nodes;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>What the type guards of the npm package have said of the messages that came.</summary>
internal static class NpmCounts
{
    /// <summary>Demands that messages of all those types came, and that the guards took every one.</summary>
    public static void Verify(JsonObject reply, params string[] types)
    {
        JsonObject counts = reply["counts"]!.AsObject();
        Assert.Equal(types.Order(StringComparer.Ordinal), counts.Select(static count => count.Key).Order(StringComparer.Ordinal));
    }
}
