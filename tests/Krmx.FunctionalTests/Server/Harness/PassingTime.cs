using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>Virtual time as it passes for a server that runs all the while; in one step, it is a server that stood still.</summary>
internal static class PassingTime
{
    /// <summary>As often as a server with the default options looks after its connections.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static void Pass(this FakeTimeProvider time, TimeSpan span)
    {
        for (; span > Step; span -= Step)
            time.Advance(Step);
        time.Advance(span);
    }
}
