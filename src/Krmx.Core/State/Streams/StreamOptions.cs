namespace Krmx.State;

/// <summary>What a server's stream allows.</summary>
/// <remarks>Copied when the stream is attached.</remarks>
public sealed class StreamOptions
{
    /// <summary>Whether the log is emptied when the last user has left. Default: false.</summary>
    public bool ClearsWhenEmpty { get; set; }

    /// <summary>How many bytes the messages that tell a newcomer of all events may have. Default: 524,288. At least 0.</summary>
    /// <remarks>
    /// Counted as they are sent: JSON in UTF-8, escapes, dispatchers and the message around them included. Events beyond are refused, unless the model has a snapshot
    /// (<c>SnapshotAs</c>), which then takes the place of those so far.
    /// </remarks>
    public int MaxLogBytes { get; set; } = 512 * 1024;

    internal StreamOptions Copy() => (StreamOptions)MemberwiseClone();
}
