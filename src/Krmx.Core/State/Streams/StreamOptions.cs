namespace Krmx.State;

/// <summary>What a server's stream allows.</summary>
/// <remarks>Copied when the stream is attached.</remarks>
public sealed class StreamOptions
{
    /// <summary>Whether the log is emptied when the last user has left. Default: false.</summary>
    public bool ClearsWhenEmpty { get; set; }

    /// <summary>How many bytes the log may have; events beyond are refused. Default: 524,288. At least 0.</summary>
    /// <remarks>Every newcomer is sent the whole log at once, so stay well below what the host queues for one connection.</remarks>
    public int MaxLogBytes { get; set; } = 512 * 1024;

    internal StreamOptions Copy() => (StreamOptions)MemberwiseClone();
}
