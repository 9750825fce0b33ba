using Krmx.Client;
using Krmx.Protocol;

namespace Krmx;

// What the driver tells the client and asks of it.
public partial class KrmxClientCore : IClientInput
{
    void IClientInput.Connecting()
    {
        Demand(Status == ClientStatus.Disconnected, "connect");
        SetStatus(ClientStatus.Connecting);
        Settle();
    }

    void IClientInput.Connected()
    {
        Demand(Status is ClientStatus.Connecting or ClientStatus.Reconnecting, "be connected");
        _isOpen = true;
        SetStatus(ClientStatus.Connected);
        _events.Enqueue(() => _onConnect.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
        Settle();
    }

    void IClientInput.Closing()
    {
        Demand(Status != ClientStatus.Disconnected, "close");
        SetStatus(ClientStatus.Closing);
        Settle();
    }

    void IClientInput.Disconnected(bool reconnecting)
    {
        SetStatus(reconnecting ? ClientStatus.Reconnecting : ClientStatus.Disconnected);
        if (Username is string own)
            EndLink(own);
        _roster.Clear();
        _formerUsername = null;
        EndRequests(RequestOutcome.Disconnected);
        bool wasOpen = _isOpen;
        _isOpen = false;
        if (wasOpen)
            _events.Enqueue(() => _onClose.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
        Settle();
    }

    void IClientInput.FrameReceived(InboundFrame frame)
    {
        if (!_isOpen || Status == ClientStatus.Closing)
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
        Demand(Status == ClientStatus.Connected, "link");
        var link = new PendingLink(username, auth, retriesConflict);
        SendLink(link);
        _pendingLink = link;
        SetStatus(ClientStatus.Linking);
        Settle();
    }

    void IClientInput.Unlink()
    {
        Demand(Status == ClientStatus.Linked, "unlink");
        _isUnlinkAsked = true;
        _output.Send(Frames.Unlink);
        SetStatus(ClientStatus.Unlinking);
        Settle();
    }

    void IClientInput.Leave()
    {
        Demand(Status == ClientStatus.Linked, "leave");
        _isLeaveAsked = true;
        _output.Send(Frames.Leave);
        SetStatus(ClientStatus.Unlinking);
        Settle();
    }

    void IClientInput.Send(in KrmxMessage message)
    {
        if (message.IsReserved)
            throw new KrmxException($"cannot send the message: the type '{message.Type}' belongs to the protocol");
        Demand(Status == ClientStatus.Linked, "send");
        if (_output.IsCongested)
            throw new KrmxQueueFullException("cannot send: too much waits to be sent already");
        _output.Send(FrameWriter.Write(message));
    }

    private void Demand(bool condition, string what)
    {
        if (!condition)
            throw new KrmxException($"cannot {what}: the client is {Status.ToString().ToLowerInvariant()}");
    }

    private void SendLink(PendingLink link) =>
        _output.Send(new LinkPayload(link.Username, _version.ToString(), link.Auth).ToFrame());
}
