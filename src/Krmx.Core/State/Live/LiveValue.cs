namespace Krmx.State;

/// <summary>The value of a client's state at one moment; replaced as a whole, so that any thread reads what belongs together.</summary>
/// <param name="confirmed">What the server confirmed.</param>
/// <param name="shown">The same with what is pending on top.</param>
/// <param name="isLive">Whether the confirmed value is the server's.</param>
internal sealed class LiveValue<TValue>(TValue confirmed, TValue shown, bool isLive)
{
    public TValue Confirmed { get; } = confirmed;

    public TValue Shown { get; } = shown;

    public bool IsLive { get; } = isLive;

    /// <summary>Whether a user would see no difference; values that are no objects count as different.</summary>
    public bool LooksLike(LiveValue<TValue> other) => IsLive == other.IsLive && ReferenceEquals(Shown, other.Shown);
}
