using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Krmx.Load.Connections;

namespace Krmx.Load;

/// <summary>A client's half of a session, over any number of connections: how much either side has had of the other (protocol section 10, "Resume").</summary>
/// <remarks>What comes belongs to the thread that reads. Any thread may send, under a lock, which that thread does without wherever it can.</remarks>
internal sealed class KrmxSession(KrmxWire wire, int client)
{
    private const int FramesBetweenAcks = 1024;

    private readonly string _key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly Lock _sending = new();
    private readonly Queue<byte[]> _pending = new(); // what was sent and is not known to be handled
    private Transport? _transport; // null while nothing may be sent
    private long _sent;
    private long _handled; // of what was sent
    private long _number;
    private long _attempt;
    private bool _isReady;
    private long _received;
    private long _receivedTold;

    /// <summary>Whether the client has been told all that a newcomer is, so that it can be cut and miss nothing.</summary>
    public bool IsReady => _isReady;

    /// <summary>A link, into the session that there is.</summary>
    public string Hello()
    {
        string session = _number == 0 ? "" : $",\"session\":{_number}", received = _isReady ? $",\"received\":{_received}" : "";
        return wire.Link(client, $$"""{"key":"{{_key}}","attempt":{{++_attempt}}{{session}}{{received}}}""");
    }

    /// <summary>Takes in the answer to a link, and sends what the server has not handled.</summary>
    /// <param name="answer">The frame.</param>
    /// <param name="transport">The connection that it came on.</param>
    /// <returns>Whether the session goes on; false where another one begins.</returns>
    /// <exception cref="LoadException">The server refused the client, grants no sessions, or says what cannot be.</exception>
    public bool Begin(ReadOnlySpan<byte> answer, Transport transport)
    {
        wire.IsReady(client, answer, out _);
        (long session, bool goesOn, long? handled) = ReadAccepted(answer);
        if (!goesOn)
            (_number, _isReady, _received) = (session, false, 0);
        _receivedTold = _received;
        lock (_sending)
        {
            long letGo = _sent - _pending.Count;
            if (handled is long all && (all < letGo || all > _sent))
                throw new LoadException($"the server says that it has handled {all} messages of client {client}, which has sent {_sent}");

            // Where nobody knows what became of them, they are not sent again.
            LetGo(handled ?? _sent);
            if (!goesOn)
                _sent = _pending.Count;
            Volatile.Write(ref _handled, _sent - _pending.Count);
            foreach (byte[] frame in _pending)
                transport.Send(frame);
            _transport = transport;
        }
        return goesOn;
    }

    /// <summary>Takes in a frame, and tells the server now and then how many have come.</summary>
    /// <exception cref="LoadException">The server ended the link, or says what cannot be.</exception>
    public void Take(ReadOnlySpan<byte> text)
    {
        if (!Counts(text))
            return;
        _received++;
        if (_received - _receivedTold >= FramesBetweenAcks)
            Ack();
    }

    /// <summary>Sends a message that arrives once, whatever becomes of connections.</summary>
    public void Send(byte[] frame)
    {
        lock (_sending)
        {
            LetGo(Volatile.Read(ref _handled));
            _pending.Enqueue(frame);
            Volatile.Write(ref _sent, _sent + 1);
            _transport?.Send(frame);
        }
    }

    /// <summary>The connection is lost: what is sent from here on waits for the next one.</summary>
    public void Suspend()
    {
        lock (_sending)
            _transport = null;
    }

    /// <summary>Whether a frame is one that both sides count; what the protocol says by it is taken in.</summary>
    private bool Counts(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("{\"type\":\"krmx/"u8))
            return _isReady && !IsVolatile(text);
        if (text.StartsWith("{\"type\":\"krmx/unlinked\""u8))
            throw new LoadException($"the server unlinked client {client}");
        if (text.StartsWith("{\"type\":\"krmx/ack\""u8))
        {
            TakeAck(text);
            return false;
        }
        if (text.StartsWith("{\"type\":\"krmx/ready\""u8))
        {
            _isReady = true;
            return false;
        }
        bool isAnswer = text.StartsWith("{\"type\":\"krmx/accepted\""u8) || text.StartsWith("{\"type\":\"krmx/rejected\""u8);
        return _isReady && !isAnswer;
    }

    private void TakeAck(ReadOnlySpan<byte> text)
    {
        (long handled, long received) = Read(text, static ack =>
        {
            JsonElement payload = ack.GetProperty("payload"u8);
            return (payload.GetProperty("received"u8).GetInt64(), payload.GetProperty("sent"u8).GetInt64());
        });
        if (received != _received)
            throw new LoadException($"the server says that it has sent {received} messages to client {client}, to which {_received} have come");
        if (handled < _handled || handled > Volatile.Read(ref _sent))
            throw new LoadException($"the server says that it has handled {handled} messages of client {client}, which has sent {_sent}");
        Volatile.Write(ref _handled, handled);
    }

    /// <summary>Tells the server how many frames have come; with the next one where somebody is sending just now.</summary>
    private void Ack()
    {
        if (!_sending.TryEnter())
            return;
        try
        {
            _transport?.Send(ClientFrame.OfText($$$"""{"type":"krmx/ack","payload":{"received":{{{_received}}},"sent":{{{_sent}}}}}"""));
            _receivedTold = _received;
        }
        finally
        {
            _sending.Exit();
        }
    }

    private void LetGo(long handled)
    {
        while (_sent - _pending.Count < handled)
            _pending.Dequeue();
    }

    private static (long Session, bool GoesOn, long? Handled) ReadAccepted(ReadOnlySpan<byte> text) => Read(text, static accepted =>
    {
        if (!accepted.TryGetProperty("payload"u8, out JsonElement payload) || !payload.TryGetProperty("session"u8, out JsonElement session))
            throw new LoadException("the server grants no sessions (the extension resume): measure it without them");
        bool goesOn = payload.TryGetProperty("recovered"u8, out JsonElement recovered) && recovered.GetBoolean();
        return (session.GetInt64(), goesOn, payload.TryGetProperty("received"u8, out JsonElement received) ? received.GetInt64() : (long?)null);
    });

    /// <summary>Whether a frame says that it may be lost, which both sides do not count.</summary>
    private static bool IsVolatile(ReadOnlySpan<byte> text)
    {
        // Nearly no frame has the name anywhere, and to look for it costs a few nanoseconds.
        return text.IndexOf("\"volatile\""u8) >= 0 &&
            Read(text, static message => message.TryGetProperty("volatile"u8, out JsonElement member) && member.ValueKind == JsonValueKind.True);
    }

    private static T Read<T>(ReadOnlySpan<byte> text, Func<JsonElement, T> read)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            using JsonDocument message = JsonDocument.ParseValue(ref reader);
            return read(message.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new LoadException($"the server sent what is no message of the protocol: '{Encoding.UTF8.GetString(text)}'", error);
        }
    }
}
