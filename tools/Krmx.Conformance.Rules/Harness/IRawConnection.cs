namespace Krmx.Conformance.Harness;

/// <summary>A connection without a client behind it.</summary>
internal interface IRawConnection : IAsyncDisposable
{
    Task SendTextAsync(ReadOnlyMemory<byte> utf8);

    Task SendBinaryAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>The next frame's text, or "close CODE" once; null when nothing comes.</summary>
    Task<string?> ReceiveAsync();

    /// <summary>Closes as the protocol of WebSockets asks.</summary>
    Task CloseAsync();

    /// <summary>Goes away without a word.</summary>
    Task AbortAsync();
}
