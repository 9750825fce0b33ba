using Krmx.Protocol;

namespace Krmx;

/// <summary>How much a client takes and keeps.</summary>
public sealed class ClientLimits
{
    private const int OneGibibyte = 1024 * 1024 * 1024;

    /// <summary>
    /// The largest message a server may send, in bytes; a larger one closes the connection with 1009. Default: 1 MiB. From 1 to 1 GiB.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// How many bytes may wait to be sent, or to be confirmed by the server; while they do, further messages and dispatches are refused. Default: 1 MiB.
    /// At least 1.
    /// </summary>
    public int MaxQueuedBytes { get; set; } = 1024 * 1024;

    /// <summary>How deep the JSON of a message may nest, its own object counted. Default: 64. At least 1.</summary>
    public int MaxJsonDepth { get; set; } = FrameReader.DefaultMaxDepth;

    internal ClientLimits Copy() => (ClientLimits)MemberwiseClone();

    internal IEnumerable<string> Validate()
    {
        if (MaxMessageBytes is < 1 or > OneGibibyte)
            yield return $"{nameof(MaxMessageBytes)} must be from 1 to 1 GiB, not {MaxMessageBytes}.";
        if (MaxQueuedBytes < 1)
            yield return $"{nameof(MaxQueuedBytes)} must be at least 1, not {MaxQueuedBytes}.";
        if (MaxJsonDepth < 1)
            yield return $"{nameof(MaxJsonDepth)} must be at least 1, not {MaxJsonDepth}.";
    }
}
