using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Krmx.Load.Connections;

/// <summary>Looks at a text frame that came to a client; called on the reading thread.</summary>
internal delegate void FrameHandler(LoadClient client, ReadOnlySpan<byte> text);

/// <summary>One client: a socket, the beginning of a frame whose end has not come, and the session where the wire has sessions.</summary>
/// <remarks>
/// All but the sending belongs to the thread that reads; from <see cref="Cut"/> until it is watched anew, to whoever brings the client back.
/// </remarks>
internal sealed class LoadClient(int number, IWire wire, SslClientAuthenticationOptions? tls, FrameHandler handler) : IDisposable
{
    private const int LongestKeepAlive = 16;
    private const int HandshakeLimit = 8 * 1024;

    private static readonly byte[] Pong = ClientFrame.Of(ClientFrame.Pong, default);

    private readonly KrmxSession? _session = wire.NewSession(number);
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Transport _transport = Open(number, tls);
    private byte[] _begun = [];
    private bool _isLetIn;
    private bool _isReady;
    private long _cutAt;
    private volatile bool _isEnding;

    public int Number => number;

    /// <summary>For whoever handles the frames.</summary>
    public long Count { get; set; }

    public Socket Socket => _transport.Socket;

    /// <summary>Fails when the connection is lost, or the server refuses the client.</summary>
    public Task Lost => _lost.Task;

    public bool HasEnded => _isEnding || _lost.Task.IsCompleted;

    /// <summary>Whether it goes on where it was cut; else it has begun anew.</summary>
    public bool IsRecovered { get; private set; }

    /// <summary>How long it was away when it was cut, until the server let it in; in ticks of the stopwatch.</summary>
    public long TicksAway { get; private set; }

    /// <summary>Connects, and is upgraded; blocks.</summary>
    public void Connect(DnsEndPoint server)
    {
        try
        {
            _transport.Connect(server);
            Upgrade(server);
            _transport.StopBlocking();
        }
        catch (SocketException error)
        {
            throw new LoadException($"client {number} could not connect: {Describe(error)}", error);
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            throw new LoadException($"client {number} could not connect: {error.Message}", error);
        }
    }

    /// <summary>Says hello, and waits until what is sent reaches everybody.</summary>
    public async Task GetReadyAsync(CancellationToken cancellation)
    {
        SayHello();
        await (await Task.WhenAny(_ready.Task, Lost).WaitAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Says hello, and does not wait.</summary>
    public void SayHello()
    {
        if ((_session is null ? wire.Hello(number) : _session.Hello()) is string hello)
            Send(ClientFrame.OfText(hello));
    }

    /// <summary>Sends a message; waits while the server does not read.</summary>
    public void SendMessage(byte[] frame)
    {
        if (_session is null)
            Send(frame);
        else
            _session.Send(frame);
    }

    /// <summary>Sends a frame that is no message, which counts for nothing.</summary>
    public void Send(ReadOnlySpan<byte> frame) => _transport.Send(frame);

    /// <summary>Loses the connection, and can connect again.</summary>
    /// <param name="isReset">Whether the server is sent a reset.</param>
    public void Cut(bool isReset)
    {
        _cutAt = Stopwatch.GetTimestamp();
        _transport.Cut(isReset);
        _session?.Suspend();
        _transport = Open(number, tls);
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_begun, _isLetIn, _isReady) = ([], false, false);
    }

    /// <summary>Reads what there is, and hands out the frames; called by one thread.</summary>
    /// <param name="buffer">Anybody's between the calls; made larger where a frame needs it.</param>
    public void Read(ref byte[] buffer)
    {
        try
        {
            _begun.CopyTo(buffer, 0);
            int read = _transport.Receive(buffer.AsSpan(_begun.Length), out SocketError error);
            if (error == SocketError.WouldBlock)
                return;
            if (read == 0)
                throw new LoadException($"the server closed the connection of client {number}{(error == SocketError.Success ? "" : $": {error}")}");
            int length = _begun.Length + read, handled = HandleFrames(buffer.AsSpan(0, length), out int needed);
            _begun = buffer[handled..length];
            if (needed > buffer.Length)
                buffer = new byte[needed];
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
        catch (Exception error) when (error is LoadException or OverflowException or IOException)
        {
            if (!_isEnding)
                _lost.TrySetException(Lose(error));
            _transport.Dispose();
        }
    }

    public void Dispose()
    {
        _isEnding = true;
        if (wire.Goodbye is string goodbye)
            Send(ClientFrame.OfText(goodbye));
        Send(ClientFrame.Of(ClientFrame.Close, [1000 >> 8, 1000 & 0xFF]));
        _transport.Dispose();
        _ = _lost.Task.Exception;
    }

    private static Transport Open(int number, SslClientAuthenticationOptions? tls)
    {
        try
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            return tls is null ? new Transport(socket) : new TlsTransport(socket, tls);
        }
        catch (SocketException error)
        {
            throw new LoadException(
                $"there is no socket for client {number}: {Describe(error)}; allow more open files (ulimit -n), or use fewer clients", error);
        }
    }

    private LoadException Lose(Exception error) => error switch
    {
        LoadException known => known,
        IOException => new LoadException($"client {number} lost its connection: {error.Message}", error),
        _ => new LoadException($"client {number} was sent a frame that is too large", error),
    };

    /// <summary>What the system says, without the address that some of the framework's messages add in a form nobody typed.</summary>
    private static string Describe(SocketException error) => new SocketException(error.ErrorCode).Message;

    private void Upgrade(DnsEndPoint server)
    {
        string request =
            $"GET {wire.PathAndQuery} HTTP/1.1\r\nHost: {server.Host}:{server.Port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a3JteCBsb2FkIGNsaWVudA==\r\n\r\n";
        _transport.Send(Encoding.ASCII.GetBytes(request));
        byte[] answer = new byte[HandshakeLimit];
        int length = 0, end;
        while ((end = answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = length == answer.Length ? 0 : _transport.Receive(answer.AsSpan(length), out _);
            if (read == 0)
                throw new LoadException($"the server hung up on client {number} during the handshake");
            length += read;
        }
        string status = Encoding.ASCII.GetString(answer, 0, end).Split('\r')[0];
        if (!status.Contains(" 101 ", StringComparison.Ordinal))
            throw new LoadException($"the server answered the handshake at {wire.PathAndQuery} with '{status}' and not with 101");
        _begun = answer[(end + 4)..length];

        // What came with the answer is no longer in the socket, which would be waited for.
        int handled = HandleFrames(_begun, out _);
        _begun = _begun[handled..];
    }

    /// <returns>How many bytes were whole frames.</returns>
    private int HandleFrames(ReadOnlySpan<byte> bytes, out int needed)
    {
        int handled = 0, length;
        while ((length = ServerFrame.Read(bytes[handled..], out ServerFrame frame)) > 0)
        {
            handled += length;
            Handle(frame);
        }
        needed = -length;
        return handled;
    }

    private void Handle(ServerFrame frame)
    {
        switch (frame.Opcode)
        {
            case ClientFrame.Text when _isLetIn:
                if (frame.Payload.Length <= LongestKeepAlive && wire.KeepAlive(frame.Payload) is string answer)
                    Send(ClientFrame.OfText(answer));
                _session?.Take(frame.Payload);
                handler(this, frame.Payload);
                NoteReady();
                break;
            case ClientFrame.Text:
                HandleAnswer(frame.Payload);
                NoteReady();
                break;
            case ClientFrame.Ping:
                Send(frame.Payload.IsEmpty ? Pong : ClientFrame.Of(ClientFrame.Pong, frame.Payload));
                break;
        }
    }

    /// <summary>Takes in what a server says to a client that has said hello.</summary>
    private void HandleAnswer(ReadOnlySpan<byte> text)
    {
        string? reply = null;
        if (_session is null)
            _isLetIn = wire.IsReady(number, text, out reply);
        else
            (IsRecovered, _isLetIn) = (_session.Begin(text, _transport), true);
        if (reply is not null)
            Send(ClientFrame.OfText(reply));
        TicksAway = Stopwatch.GetTimestamp() - _cutAt;
    }

    private void NoteReady()
    {
        if (_isReady || !_isLetIn || _session is { IsReady: false })
            return;
        _isReady = true;
        _ready.TrySetResult();
    }
}
