namespace Krmx.Transport;

/// <summary>The waits between attempts: they grow, and are random.</summary>
internal sealed class Backoff(ReconnectOptions policy, Random random)
{
    private int _attempts;

    /// <summary>How many waits there were since the last <see cref="Reset"/>.</summary>
    public int Attempts => _attempts;

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        double longest = policy.MinDelay.TotalMilliseconds * Math.Pow(policy.Factor, _attempts++);
        return TimeSpan.FromMilliseconds(random.NextDouble() * Math.Min(longest, policy.MaxDelay.TotalMilliseconds));
    }

    public void Reset() => _attempts = 0;
}
