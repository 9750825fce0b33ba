namespace Krmx;

/// <summary>More waits to be sent than the client allows; nothing was sent, and the connection stays open. Transient.</summary>
public sealed class KrmxQueueFullException : KrmxException
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What was refused, and why.</param>
    public KrmxQueueFullException(string message)
        : base(message) => IsTransient = true;
}
