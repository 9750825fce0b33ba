using Krmx.Client;
using Krmx.Protocol;

namespace Krmx;

// A link that goes on over several connections (protocol section 10, "Resume").
public partial class KrmxClientCore
{
    // A quarter of what a room keeps by default. More often is dear, as each is an input more for the server (bench/peers/README.md).
    private const int FramesBetweenAcks = 1024;
    private const int BytesBetweenAcks = 256 * 1024;

    private static readonly TimeSpan AckDelay = TimeSpan.FromSeconds(1);

    private ClientSession? _session; // null where the link has none
    private IDisposable? _ackTimer;
    private long _lastAttempt;

    /// <summary>How many bytes were sent, or wait to be sent, that the server has not confirmed; 0 on a link without a session. Protocol section 10.</summary>
    public long UnconfirmedBytes => _session?.PendingBytes ?? 0;

    /// <summary>Whether the link has a session, so that what is sent is kept until the server has it. Protocol section 10.</summary>
    public bool HasSession => _session is not null;

    void IClientInput.Abandon()
    {
        if (TryMove(ClientSignal.Abandon))
        {
            LoseSession(isGap: false);
            EndLink(Username!, comesBack: false);
        }
        else
        {
            Forgo();
        }
        Settle();
    }

    /// <summary>The connection is lost; the link stays as it is, and goes on with the next one.</summary>
    private void Suspend()
    {
        TryMove(ClientSignal.Suspended);
        StopAckTimer();
        EndRequest(RequestOutcome.Disconnected);
        NotifyClosed();
    }

    /// <summary>What a link says of its session; null where the driver does not want any.</summary>
    private ResumeRequest? ResumeFor(string username)
    {
        if (_output.SessionKey is not string key)
            return null;
        bool goesOn = _session is not null && username == Username;
        return new ResumeRequest(key, ++_lastAttempt, goesOn ? _session!.Number : null, goesOn ? _session!.Received : null);
    }

    /// <summary>The link goes on where it left off: what the server has not handled is sent again, and what comes next is what it was not sent.</summary>
    private bool TryRecover(in SessionAnswer answer)
    {
        if (_session is not ClientSession session || !answer.IsRecovered || answer.Session != session.Number || !session.TryGoOn(answer.Received ?? -1))
            return false;
        if (!TryMove(ClientSignal.Recovered))
            return false;
        (session.ReceivedTold, session.BytesUntold) = (session.Received, 0);
        _output.LinkChanged(LinkChange.Made);
        _events.Enqueue(() => _onRecover.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
        EndRequest(RequestOutcome.Done);
        WritePending();
        _output.Confirmed();
        return true;
    }

    /// <summary>The link begins anew: the listeners hear first that something is missing, and of the messages whose fate is not known.</summary>
    /// <returns>The messages that the server has not handled, which are sent again.</returns>
    private PendingFrame[] BeginAnew(in SessionAnswer answer)
    {
        PendingFrame[] again = [];
        if (_session is not null && answer.Received is long received && _session.TryGoOn(received))
            again = [.. _session.TakePending().Where(static pending => pending.Message is not null)];
        LoseSession(isGap: true);
        EndLink(Username!, comesBack: true);
        return again;
    }

    private void BeginSession(in SessionAnswer answer, PendingFrame[] pending)
    {
        _session = answer.Session is long number ? new ClientSession(number) : null;
        foreach (PendingFrame frame in pending)
            _session?.Add(frame);
    }

    /// <summary>The session is over. Listeners hear of it where they have missed something, or messages are lost that may have been handled.</summary>
    private void LoseSession(bool isGap)
    {
        StopAckTimer();
        KrmxMessage[] unconfirmed = [.. _session?.TakePending().Select(static pending => pending.Message).OfType<KrmxMessage>() ?? []];
        _session = null;
        _output.Confirmed();
        if (!isGap && unconfirmed.Length == 0)
            return;
        var gap = new KrmxGap(unconfirmed);
        _events.Enqueue(() => _onGap.Notify(gap, static (listener, gap) => listener(gap), _output.ListenerFailed));
    }

    /// <summary>Sends a frame once, whatever becomes of connections, where the link has a session.</summary>
    private void SendOnce(byte[] frame, KrmxMessage? message)
    {
        if (_session is null)
        {
            _output.Send(frame);
            return;
        }
        _session.Add(new PendingFrame(frame, message));
        if (ClientTransitions.IsSending(_phase))
            WritePending();
    }

    private void WritePending()
    {
        foreach (ReadOnlyMemory<byte> frame in _session?.Write() ?? [])
            _output.Send(frame);
    }

    /// <summary>Counts a frame of the server, and tells it now and then.</summary>
    private void CountReceived(in KrmxMessage message)
    {
        if (_session is not { IsReady: true } session || message.Type is MessageTypes.Accepted or MessageTypes.Rejected or MessageTypes.Ack)
            return;
        session.Received++;
        session.BytesUntold += message.Payload.Length;
        if (session.Received - session.ReceivedTold >= FramesBetweenAcks || session.BytesUntold >= BytesBetweenAcks)
            SendAck();
        else
            _ackTimer ??= StartTimer(AckDelay, SendAck);
    }

    private void SendAck()
    {
        StopAckTimer();
        if (_session is not ClientSession session || !ClientTransitions.IsSending(_phase))
            return;
        (session.ReceivedTold, session.BytesUntold) = (session.Received, 0);
        _output.Send(Frames.Ack(session.Received, session.Written));
    }

    private void HandleAck(in KrmxMessage message)
    {
        if (_session is not ClientSession session)
            return; // it was on its way when the session ended
        if (Payloads.ReadCount(message.Payload.Span, "sent") == session.Received &&
            session.TryConfirm(Payloads.ReadCount(message.Payload.Span, "received") ?? -1))
        {
            _output.Confirmed();
            return;
        }

        // One of the two has lost count, so the link can go on, and no other connection can take it up.
        _output.ProtocolViolated($"{MessageTypes.Ack} that does not fit");
        LoseSession(isGap: false);
    }

    private void StopAckTimer()
    {
        _ackTimer?.Dispose();
        _ackTimer = null;
    }
}
