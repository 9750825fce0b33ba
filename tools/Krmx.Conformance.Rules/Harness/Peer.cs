using System.Net.WebSockets;
using System.Text;

namespace Krmx.Conformance.Harness;

/// <summary>One connection of a rule, with what rules expect of it.</summary>
internal sealed class Peer(IRawConnection connection, ProtocolVersion version) : IAsyncDisposable
{
    private const string UnlinkedAnswer = "rejected: unlinked connection";

    public bool IsOpen { get; private set; } = true;

    public Task SendAsync(string text) => connection.SendTextAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends what the server must not handle any more, as it is closing the connection; nothing where that has closed already.</summary>
    public async Task TrySendAsync(string text)
    {
        try
        {
            await SendAsync(text);
        }
        catch (WebSocketException)
        {
        }
    }

    public Task SendBytesAsync(byte[] text) => connection.SendTextAsync(text);

    public Task SendBinaryAsync(string content) => connection.SendBinaryAsync(Encoding.UTF8.GetBytes(content));

    public Task LinkAsync(string username, string? auth = null, string? otherVersion = null) =>
        SendAsync(Wire.Link(username, otherVersion ?? version.ToString(), auth));

    /// <summary>Demands that these frames come next, in the notation of <see cref="Wire.Describe"/>.</summary>
    public async Task ExpectAsync(params string[] frames)
    {
        for (int i = 0; i < frames.Length; i++)
        {
            string? frame = await ReceiveAsync();
            RuleBrokenException.Unless(
                frame == frames[i], $"expected '{string.Join("', '", frames)}'; as number {i + 1} came {frame ?? "nothing"}");
        }
    }

    /// <summary>Demands that the connection is linked, and that nothing came before the answer to a message sent now.</summary>
    public async Task ExpectQuietAndLinkedAsync()
    {
        await SendAsync(ServerSetup.Barrier);
        await ExpectAsync(ServerSetup.Barrier);
    }

    /// <summary>Demands that the connection is open and unlinked, and that nothing came before the answer to a message sent now.</summary>
    public async Task ExpectQuietAndUnlinkedAsync()
    {
        await SendAsync(ServerSetup.Barrier);
        await ExpectAsync(UnlinkedAnswer);
    }

    /// <summary>Demands that the connection is closed with a code, after these frames.</summary>
    public async Task ExpectCloseAsync(int code, params string[] frames)
    {
        IsOpen = false;
        await ExpectAsync([.. frames, $"close {code}"]);
    }

    /// <summary>Demands that the connection is closed by a server that closes, after these frames.</summary>
    public async Task ExpectFarewellAsync(params string[] frames)
    {
        IsOpen = false;
        await ExpectAsync(frames);
        string? frame = await ReceiveAsync();
        RuleBrokenException.Unless(frame is "close 1001" or "close 1012", $"expected close 1001 or 1012, not {frame ?? "nothing"}");
    }

    /// <summary>Takes all frames up to the answer to a message sent now.</summary>
    public async Task<IReadOnlyList<string>> DrainAsync()
    {
        var frames = new List<string>();
        await SendAsync(ServerSetup.Barrier);
        while (await ReceiveAsync() is var frame && frame is not (ServerSetup.Barrier or UnlinkedAnswer))
            frames.Add(frame ?? throw new RuleBrokenException("the server did not answer"));
        return frames;
    }

    public Task CloseAsync()
    {
        IsOpen = false;
        return connection.CloseAsync();
    }

    public Task AbortAsync()
    {
        IsOpen = false;
        return connection.AbortAsync();
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<string?> ReceiveAsync() => await connection.ReceiveAsync() is string frame ? Wire.Describe(frame) : null;
}
