using Krmx.Client;
using Krmx.Protocol;

namespace Krmx;

// What the driver tells the client and asks of it.
public partial class KrmxClientCore : IClientInput
{
    void IClientInput.Connecting()
    {
        Enter(Demand(ClientSignal.Connecting));
        Settle();
    }

    void IClientInput.Connected()
    {
        Enter(Demand(ClientSignal.Connected));
        _events.Enqueue(() => _onConnect.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
        Settle();
    }

    void IClientInput.Closing()
    {
        Enter(Demand(ClientSignal.Closing));
        Settle();
    }

    void IClientInput.Lost(bool relinks)
    {
        if (relinks && _session is not null && _output.SessionKey is not null && ClientTransitions.TryGetNext(_phase, ClientSignal.Suspended, out _))
            Suspend();
        else
            EndConnection(ClientSignal.Lost, comesBack: relinks);
        Settle();
    }

    void IClientInput.Disconnected()
    {
        EndConnection(ClientSignal.Disconnected, comesBack: false);
        Settle();
    }

    void IClientInput.FrameReceived(InboundFrame frame)
    {
        if (!ClientTransitions.IsHearing(_phase))
            return;
        if (frame.IsValid)
            Handle(frame.Message);
        else
            _output.ProtocolViolated("a frame that is no message");
        Settle();
    }

    void IClientInput.Link(string username, string? auth, bool retriesConflict)
    {
        ArgumentNullException.ThrowIfNull(username);
        Demand(ClientSignal.Link);
        if (Username is not null && username != Username)
            ((IClientInput)this).Abandon();
        ClientPhase next = Demand(ClientSignal.Link);
        ResumeRequest? resume = ResumeFor(username);
        KrmxExtensions extensions = KrmxExtensions.Presence | (resume is null ? KrmxExtensions.None : KrmxExtensions.Resume);
        SendLink(new LinkPayload(username, _version.ToString(), auth, extensions, resume));
        _retriesConflict = retriesConflict;
        _request = ClientRequest.Link;
        Enter(next);
        Settle();
    }

    void IClientInput.Unlink() => AskEnd(ClientSignal.Unlink, ClientRequest.Unlink, Frames.Unlink);

    void IClientInput.Leave() => AskEnd(ClientSignal.Leave, ClientRequest.Leave, Frames.Leave);

    void IClientInput.Send(in KrmxMessage message)
    {
        DemandCustom(message);
        Demand(ClientSignal.Send);
        if (_output.IsCongested)
            throw new KrmxQueueFullException("cannot send: too much waits to be sent already");
        SendOnce(FrameWriter.Write(message, isVolatile: false), message);
    }

    void IClientInput.SendVolatile(in KrmxMessage message)
    {
        DemandCustom(message);
        Demand(ClientSignal.Send);
        if (ClientTransitions.IsSending(_phase) && !_output.IsBehind)
            _output.Send(FrameWriter.Write(message, isVolatile: true));
    }

    private static void DemandCustom(in KrmxMessage message)
    {
        if (message.IsReserved)
            throw new KrmxException($"cannot send the message: the type '{message.Type}' belongs to the protocol");
    }

    private void EndConnection(ClientSignal call, bool comesBack)
    {
        bool wasOpen = ClientTransitions.HasConnection(_phase);
        ClientPhase next = Demand(call);
        EndArrival();
        Enter(next);
        LoseSession(isGap: false);
        if (Username is string own)
            EndLink(own, comesBack);
        else if (!comesBack)
            Forgo();
        _roster.Clear();
        _formerUsername = null;
        EndRequest(RequestOutcome.Disconnected);
        if (wasOpen)
            NotifyClosed();
    }

    private void AskEnd(ClientSignal call, ClientRequest request, byte[] frame)
    {
        ClientPhase next = Demand(call);
        EndArrival();
        _request = request;
        SendOnce(frame, message: null);
        Enter(next);
        Settle();
    }

    private void SendLink(in LinkPayload link)
    {
        _output.Send(link.ToFrame());
        _link = link;
    }
}
