namespace Krmx.Load;

/// <summary>What is spoken over the WebSocket, as far as a load needs to know.</summary>
internal interface IWire
{
    /// <summary>The path and query that a client connects to.</summary>
    string PathAndQuery { get; }

    /// <summary>What a client says first when the connection is open; null where it waits for the server.</summary>
    string? Hello(int client);

    /// <summary>What a frame means to a client that is not ready yet.</summary>
    /// <param name="client">The client's number.</param>
    /// <param name="text">The frame's text in UTF-8.</param>
    /// <param name="reply">What to send next; null for nothing.</param>
    /// <returns>Whether the client is ready now: what it sends reaches the others, and what they send reaches it.</returns>
    /// <exception cref="LoadException">The server refused the client.</exception>
    bool IsReady(int client, ReadOnlySpan<byte> text, out string? reply);

    /// <summary>What a message to everybody looks like.</summary>
    /// <param name="body">What it says; letters, digits and <see cref="Marks.Mark"/>.</param>
    string Message(string body);

    /// <summary>The answer to a short frame that asks whether the client is alive; null for none.</summary>
    string? KeepAlive(ReadOnlySpan<byte> text);

    /// <summary>What a client has that outlives its connections; null where there is no such thing.</summary>
    KrmxSession? NewSession(int client) => null;

    /// <summary>What a client says last; null for nothing.</summary>
    string? Goodbye => null;
}
