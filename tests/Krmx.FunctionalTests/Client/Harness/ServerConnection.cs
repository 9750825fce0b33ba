using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>A connection of a client to a <see cref="ScriptedServer"/>: bytes, and a WebSocket over them once upgraded.</summary>
internal sealed class ServerConnection(Socket socket, CancellationToken stop) : IDisposable
{
    private WebSocket? _webSocket;

    /// <summary>The bytes; counted, and cut where the test says.</summary>
    public CuttingStream Stream { get; } = new(socket);

    public WebSocket WebSocket => _webSocket ?? throw new InvalidOperationException("not upgraded");

    /// <summary>Reads the request up to its empty line.</summary>
    public async Task<string> ReadRequestAsync()
    {
        var request = new StringBuilder();
        byte[] one = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await Stream.ReadExactlyAsync(one, stop);
            request.Append((char)one[0]);
        }
        return request.ToString();
    }

    public async Task UpgradeAsync()
    {
        string request = await ReadRequestAsync();
        string key = request.Split("Sec-WebSocket-Key: ")[1].Split("\r\n")[0];
#pragma warning disable CA5350 // the WebSocket handshake is made of SHA-1
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes($"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await WriteAsync(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        _webSocket = WebSocket.CreateFromStream(Stream, isServer: true, subProtocol: null, keepAliveInterval: TimeSpan.Zero);
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes) => await Stream.WriteAsync(bytes, stop);

    public Task SendAsync(string text) =>
        WebSocket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, stop);

    public Task SendOfAsync(string type, string username) =>
        SendAsync($$$"""{"type":"{{{type}}}","payload":{"username":"{{{username}}}"}}""");

    /// <summary>Receives a message; a close as <c>close</c>.</summary>
    public async Task<string> ReceiveAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        WebSocketReceiveResult result = await WebSocket.ReceiveAsync(buffer, stop);
        return result.MessageType == WebSocketMessageType.Close ? "close" : Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    /// <summary>Upgrades, and accepts the link that is asked for.</summary>
    public async Task LinkAsync(string username)
    {
        await UpgradeAsync();
        await ReceiveAsync();
        await AcceptAsync(username);
    }

    public async Task AcceptAsync(string username)
    {
        await SendAsync("""{"type":"krmx/accepted"}""");
        await SendOfAsync("krmx/joined", username);
        await SendOfAsync("krmx/linked", username);
    }

    /// <summary>Reads and forgets until the client ends the connection.</summary>
    public async Task DrainAsync()
    {
        while (await ReceiveAsync() != "close")
        {
        }
    }

    public Task WaitForeverAsync() => Task.Delay(Timeout.Infinite, stop);

    public void Dispose()
    {
        _webSocket?.Dispose();
        Stream.Dispose();
        socket.Dispose();
    }
}
