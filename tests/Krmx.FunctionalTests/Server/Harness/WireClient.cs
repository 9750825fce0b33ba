using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Krmx.Load.Connections;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>A WebSocket client of bare TCP: it sends what it is told, right or wrong, and reads and answers only when asked to.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[1024];
    private int _start;
    private int _end;

    private WireClient(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>The status the server answered the handshake with.</summary>
    public int Status { get; private set; }

    /// <summary>The head of that answer.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Whether it answers pings when it comes to read them.</summary>
    public bool AnswersPings { get; set; }

    /// <summary>The request to be upgraded, as it stands on the wire.</summary>
    public static byte[] Handshake(string target = "/krmx", string[]? headers = null) => Encoding.Latin1.GetBytes(string.Join("\r\n", (string[])
    [
        $"GET {target} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", .. headers ?? [], "", "",
    ]));

    /// <summary>Connects and is upgraded.</summary>
    public static async Task<WireClient> ConnectAsync(
        int port, string target = "/krmx", string[]? headers = null, X509Certificate2? certificate = null)
    {
        WireClient client = await HandshakeAsync(port, target, headers, certificate);
        Assert.True(client.Status == 101, client.Head);
        return client;
    }

    /// <summary>Connects and asks to be upgraded, whatever comes of it.</summary>
    public static async Task<WireClient> HandshakeAsync(
        int port, string target = "/krmx", string[]? headers = null, X509Certificate2? certificate = null)
    {
        WireClient client = await OpenAsync(port, certificate);
        await client.SendHandshakeAsync(target, headers);
        return client;
    }

    /// <summary>Connects and says nothing yet.</summary>
    public static async Task<WireClient> OpenAsync(int port, X509Certificate2? certificate = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port).Soon();
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (certificate is not null)
        {
            var secure = new SslStream(stream, false, (_, presented, _, _) => certificate.Equals(presented));
            await secure.AuthenticateAsClientAsync("localhost").Soon();
            stream = secure;
        }
        return new WireClient(socket, stream);
    }

    public async Task SendHandshakeAsync(string target, string[]? headers = null)
    {
        await SendAsync(Handshake(target, headers));
        await ReadHeadAsync();
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes).AsTask().Soon();

    public Task SendAsync(params WireFrame[] frames) => SendAsync(frames.SelectMany(frame => frame.ToBytes()).ToArray());

    public Task SendAsync(string text) => SendAsync(WireFrame.OfText(text));

    /// <summary>Asks to be linked, and waits for nothing.</summary>
    public Task AskAsync(string username, string? auth = null, string version = "0.6.0") =>
        SendAsync(LinkText(username, auth, version));

    public static string LinkText(string username, string? auth = null, string version = "0.6.0")
    {
        string rest = auth is null ? "" : $",\"auth\":\"{auth}\"";
        return $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"{{{version}}}"{{{rest}}}}}""";
    }

    /// <summary>Links, and reads what a newcomer is told up to its own being linked.</summary>
    public async Task<WireClient> LinkAsync(string username, string? auth = null, string version = "0.6.0")
    {
        await AskAsync(username, auth, version);
        await ExpectAsync(Texts.Accepted);
        while (await ReadTextAsync() != Texts.Linked(username))
        {
        }
        return this;
    }

    /// <summary>Sends a message that the server sends back, which must be the next to come: nobody told this client anything before.</summary>
    public async Task EchoAsync(string payload = "1")
    {
        string text = $$"""{"type":"echo","payload":{{payload}}}""";
        await SendAsync(text);
        await ExpectAsync(text);
    }

    /// <summary>Sends a ping and reads until its pong: the server has read all that was sent before.</summary>
    public async Task PingAsync()
    {
        await SendAsync(new WireFrame(WireFrame.PingOpcode, [7]));
        WireFrame frame;
        do
            frame = await ReadFrameAsync() ?? throw new IOException("The connection was lost, and a pong was expected.");
        while (frame is not { Opcode: WireFrame.PongOpcode, Payload: [7] });
    }

    /// <summary>Reads until the server pings.</summary>
    public async Task SkipToPingAsync()
    {
        while ((await ReadFrameAsync() ?? throw new IOException("The connection was lost, and a ping was expected.")).Opcode != WireFrame.PingOpcode)
        {
        }
    }

    /// <summary>Reads exactly these texts.</summary>
    public async Task ExpectAsync(params string[] texts)
    {
        foreach (string text in texts)
            Assert.Equal(text, await ReadTextAsync());
    }

    /// <summary>Reads the next text; pings and pongs before it do not count.</summary>
    public async Task<string> ReadTextAsync()
    {
        WireFrame frame = await ReadDataAsync() ?? throw new IOException("The connection was lost, and a text was expected.");
        Assert.True(frame.Opcode == WireFrame.TextOpcode, $"a text was expected, not {frame.Opcode} {frame.CloseCode} {frame.Text}");
        return frame.Text;
    }

    /// <summary>Reads texts until the connection closes or is lost.</summary>
    /// <returns>The texts and the close frame's code, null where none came.</returns>
    public async Task<(List<string> Texts, int? Code)> ReadToEndAsync()
    {
        var texts = new List<string>();
        while (await ReadDataAsync() is WireFrame frame)
        {
            if (frame.Opcode == WireFrame.CloseOpcode)
                return (texts, frame.CloseCode);
            texts.Add(frame.Text);
        }
        return (texts, null);
    }

    /// <summary>Reads these texts and a close with this code, answers it, and sees the server hang up.</summary>
    public async Task ExpectCloseAsync(int code, params string[] texts)
    {
        (List<string> read, int? actual) = await ReadToEndAsync();
        Assert.Equal(texts, read);
        Assert.Equal(code, actual);
        await SendAsync(WireFrame.OfClose(code));
        await ExpectEndAsync();
    }

    /// <summary>Reads until the server hangs up, in whatever way.</summary>
    public async Task ExpectEndAsync()
    {
        while (await ReadFrameAsync() is not null)
        {
        }
    }

    /// <summary>Reads one frame of any kind.</summary>
    /// <returns>The frame; null when the connection has ended.</returns>
    public async Task<WireFrame?> ReadFrameAsync()
    {
        WireFrame? frame;
        while (!TryTake(out frame, out int needed))
        {
            if (!await HaveAsync(needed))
                return null;
        }
        if (AnswersPings && frame.Opcode == WireFrame.PingOpcode)
            await SendAsync(new WireFrame(WireFrame.PongOpcode, frame.Payload));
        return frame;
    }

    /// <summary>Ends the connection the hard way: the server gets a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private async Task<WireFrame?> ReadDataAsync()
    {
        while (await ReadFrameAsync() is WireFrame frame)
        {
            if (frame.Opcode is not (WireFrame.PingOpcode or WireFrame.PongOpcode))
                return frame;
        }
        return null;
    }

    /// <summary>Takes a frame that is all there; else says how many bytes are needed at least.</summary>
    private bool TryTake([NotNullWhen(true)] out WireFrame? frame, out int needed)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        int length = ServerFrame.Read(bytes, out ServerFrame read);
        (frame, needed) = (null, -length);
        if (length < 0)
            return false;
        Assert.True((bytes[0] & 0xF0) == 0x80 && bytes[1] < 128, "servers send whole, unmasked frames without reserved bits");
        frame = new WireFrame(read.Opcode, read.Payload.ToArray()) { IsMasked = false };
        _start += length;
        return true;
    }

    private async Task ReadHeadAsync()
    {
        int end;
        while ((end = Encoding.Latin1.GetString(_buffer, _start, _end - _start).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
            Assert.True(await HaveAsync(_end - _start + 1), "the server hung up during the handshake");
        Head = Encoding.Latin1.GetString(_buffer, _start, end);
        Status = int.Parse(Head.Split(' ')[1]);
        _start += end + 4;
    }

    private async Task<bool> HaveAsync(int count)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            int read = await ReadSomeAsync();
            if (read == 0)
                return false;
            _end += read;
        }
        return true;
    }

    private async Task<int> ReadSomeAsync()
    {
        try
        {
            return await _stream.ReadAsync(_buffer.AsMemory(_end)).AsTask().Soon();
        }
        catch (IOException)
        {
            return 0; // reset
        }
    }
}
