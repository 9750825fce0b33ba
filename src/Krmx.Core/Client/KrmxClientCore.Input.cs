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

    void IClientInput.Lost() => EndConnection(ClientSignal.Lost);

    void IClientInput.Disconnected() => EndConnection(ClientSignal.Disconnected);

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
        ClientPhase next = Demand(ClientSignal.Link);
        SendLink(new LinkPayload(username, _version.ToString(), auth, KrmxExtensions.Presence));
        _retriesConflict = retriesConflict;
        _request = ClientRequest.Link;
        Enter(next);
        Settle();
    }

    void IClientInput.Unlink() => AskEnd(ClientSignal.Unlink, ClientRequest.Unlink, Frames.Unlink);

    void IClientInput.Leave() => AskEnd(ClientSignal.Leave, ClientRequest.Leave, Frames.Leave);

    void IClientInput.Send(in KrmxMessage message)
    {
        if (message.IsReserved)
            throw new KrmxException($"cannot send the message: the type '{message.Type}' belongs to the protocol");
        Demand(ClientSignal.Send);
        if (_output.IsCongested)
            throw new KrmxQueueFullException("cannot send: too much waits to be sent already");
        _output.Send(FrameWriter.Write(message));
    }

    private void EndConnection(ClientSignal call)
    {
        bool wasOpen = ClientTransitions.HasConnection(_phase);
        ClientPhase next = Demand(call);
        EndArrival();
        Enter(next);
        if (Username is string own)
            EndLink(own);
        _roster.Clear();
        _formerUsername = null;
        EndRequest(RequestOutcome.Disconnected);
        if (wasOpen)
            _events.Enqueue(() => _onClose.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
        Settle();
    }

    private void AskEnd(ClientSignal call, ClientRequest request, byte[] frame)
    {
        ClientPhase next = Demand(call);
        EndArrival();
        _request = request;
        _output.Send(frame);
        Enter(next);
        Settle();
    }

    private void SendLink(in LinkPayload link)
    {
        _output.Send(link.ToFrame());
        _link = link;
    }
}
