namespace Krmx;

/// <summary>Thrown by a handler that does not allow an action, or a request; the one who asked for it is told why.</summary>
/// <remarks>
/// The reason is sent to that user, so it must not give away what the user may not know. Of any other exception no word is sent.
/// </remarks>
public sealed class KrmxRefusedException : Exception
{
    /// <summary>Makes a refusal.</summary>
    /// <param name="reason">Why, for people: "it is not your turn".</param>
    public KrmxRefusedException(string reason)
        : base(reason)
    {
    }
}
