namespace Krmx;

/// <summary>A call that was refused, and changed nothing; the message names the reason.</summary>
public class KrmxException : InvalidOperationException
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
}
