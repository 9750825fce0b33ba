namespace Krmx.State;

/// <summary>A delta that was refused, and changed nothing.</summary>
public sealed class JsonDeltaException : KrmxException
{
    internal JsonDeltaException(string path, string reason)
        : base($"cannot apply the delta at '{path}': {reason}") => Path = path;

    /// <summary>Where in the delta: the names on the way there, each after a slash; empty for the delta as a whole.</summary>
    public string Path { get; }
}
