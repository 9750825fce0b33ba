using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace Krmx.Tests.Client;

/// <summary>A WebSocket whose other end is the test.</summary>
internal sealed class FakeSocket : WebSocket
{
    private readonly Channel<Part> _incoming = Channel.CreateUnbounded<Part>();
    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebSocketCloseStatus? _closeStatus;
    private string? _closeDescription;
    private WebSocketState _state = WebSocketState.Open;
    private ReadOnlyMemory<byte> _rest;
    private Part _part = new(default, WebSocketMessageType.Text, true);

    /// <summary>When set, what is sent does not go out before it completes.</summary>
    public Task WriteGate { get; set; } = Task.CompletedTask;

    /// <summary>How many parts the client has not read.</summary>
    public int Waiting => _incoming.Reader.Count;

    public Task Disposed => _disposed.Task.Soon();

    public override WebSocketCloseStatus? CloseStatus => _closeStatus;

    public override string? CloseStatusDescription => _closeDescription;

    public override WebSocketState State => _state;

    public override string? SubProtocol => null;

    public void Deliver(string text) => Deliver(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true);

    public void Deliver(byte[] data, WebSocketMessageType type, bool isEnd) => _incoming.Writer.TryWrite(new Part(data, type, isEnd));

    public void DeliverOf(string type, string username) => Deliver($$$"""{"type":"{{{type}}}","payload":{"username":"{{{username}}}"}}""");

    public void Reject(string reason) => Deliver($$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""");

    /// <summary>Accepts a link as a server does.</summary>
    public void Accept(string username)
    {
        Deliver("""{"type":"krmx/accepted"}""");
        DeliverOf("krmx/joined", username);
        DeliverOf("krmx/linked", username);
    }

    public void CloseFromServer(WebSocketCloseStatus status, string description = "")
    {
        _closeStatus = status;
        _closeDescription = description;
        _incoming.Writer.TryWrite(new Part(default, WebSocketMessageType.Close, true));
    }

    /// <summary>Loses the connection.</summary>
    public void Drop() => End("dropped");

    /// <summary>Loses the connection as a browser does, with a close code.</summary>
    public void Drop(WebSocketCloseStatus status, string description)
    {
        _closeStatus = status;
        _closeDescription = description;
        Drop();
    }

    /// <summary>The next frame the client sends; a close as <c>close CODE</c>.</summary>
    public Task<string> NextSentAsync() => _sent.Reader.ReadAsync().AsTask().Soon();

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest.IsEmpty)
        {
            _part = await _incoming.Reader.ReadAsync(cancellationToken);
            _rest = _part.Data;
        }
        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return new ValueWebSocketReceiveResult(count, _part.Type, _rest.IsEmpty && _part.IsEnd);
    }

    public override async ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(WriteGate, _lost.Task) != WriteGate || _lost.Task.IsCompleted)
            throw new WebSocketException("lost");
        _sent.Writer.TryWrite(Encoding.UTF8.GetString(buffer.Span));
    }

    public override Task CloseOutputAsync(
        WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        _sent.Writer.TryWrite($"close {(int)closeStatus}");
        return Task.CompletedTask;
    }

    public override void Abort() => End("aborted");

    public override void Dispose()
    {
        End("disposed");
        _disposed.TrySetResult();
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private void End(string how)
    {
        _state = WebSocketState.Aborted;
        _incoming.Writer.TryComplete(new WebSocketException(how));
        _lost.TrySetResult();
    }

    private readonly record struct Part(ReadOnlyMemory<byte> Data, WebSocketMessageType Type, bool IsEnd);
}
