namespace Krmx.Connections;

/// <summary>Where a connection's bytes go; one call at a time.</summary>
internal interface IConnectionOutput
{
    /// <summary>
    /// Whether to take little more than the peer is reading, where there is a way to: what waits beneath is memory that no cap counts, and
    /// hides whether the peer reads.
    /// </summary>
    bool IsPaced { set; }

    /// <summary>Writes what can be written without waiting; never throws.</summary>
    /// <returns>How many bytes were written, from the first; what is left, or what went wrong, is for <see cref="WriteAsync"/>.</returns>
    int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Writes everything, waiting for as long as it takes; throws when the connection is gone.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);
}
