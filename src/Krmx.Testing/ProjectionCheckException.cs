namespace Krmx.Testing;

/// <summary>What a <see cref="ProjectionCheck"/> found; the message tells all of it.</summary>
public sealed class ProjectionCheckException : Exception
{
    internal ProjectionCheckException(int seed, int step, string what, Exception? innerException = null)
        : base($"seed {seed}, step {step}: {what}", innerException)
    {
        Seed = seed;
        Step = step;
    }

    /// <summary>The seed that finds it again.</summary>
    public int Seed { get; }

    /// <summary>After how many actions it was found; 0 when the users had just linked.</summary>
    public int Step { get; }

    /// <summary>Whose view is wrong, or who was sent a secret; null where a handler or a view failed.</summary>
    public string? User { get; internal init; }

    /// <summary>The secret that was sent; null where none was.</summary>
    public string? Secret { get; internal init; }

    /// <summary>The text of the frame that had the secret, or that came last; null where none did.</summary>
    public string? Frame { get; internal init; }
}
