namespace Krmx.Rooms;

/// <summary>Times at which something is due; null for never.</summary>
internal static class DueTime
{
    public static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
