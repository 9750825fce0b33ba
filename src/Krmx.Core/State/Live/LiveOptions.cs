namespace Krmx.State;

/// <summary>How a client keeps a shared state.</summary>
/// <remarks>Read once, when the state is attached.</remarks>
public sealed class LiveOptions
{
    internal static readonly TimeSpan MinLifetime = TimeSpan.FromMilliseconds(1);
    internal static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a dispatch waits for its answer; then its effect is no longer shown. Default: 10 seconds. From 1 ms to 1 day.
    /// </summary>
    public TimeSpan OptimisticLifetime { get; set; } = TimeSpan.FromSeconds(10);
}
