namespace Krmx;

/// <summary>What Krmx throws where it cannot do what it was asked; this class itself where a call was refused, and changed nothing.</summary>
/// <remarks>
/// A call is refused because it is made at the wrong time or with something that does not exist; to repeat it would not help. What the
/// network or the server is the cause of has a class of its own, and <see cref="IsTransient"/> says whether to try again.
/// </remarks>
public class KrmxException : Exception
{
    /// <summary>Makes a refusal.</summary>
    /// <param name="message">What was refused, and why.</param>
    public KrmxException(string message)
        : base(message)
    {
    }

    /// <summary>Makes a refusal that another exception caused.</summary>
    /// <param name="message">What was refused, and why.</param>
    /// <param name="innerException">The cause.</param>
    public KrmxException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Whether the same call may succeed later though nothing else changes: a network or a server was away. Default: false.
    /// </summary>
    /// <remarks>What was asked for may have been done nevertheless, where it was the answer that was lost.</remarks>
    public bool IsTransient { get; init; }
}
