using Krmx.Client;
using Krmx.Protocol;

namespace Krmx;

// What the server sends (protocol section 3).
public partial class KrmxClientCore
{
    private void Handle(in KrmxMessage message)
    {
        if (!message.IsReserved)
        {
            HandleCustom(message);
            return;
        }
        switch (message.Type)
        {
            case MessageTypes.Accepted:
                HandleAccepted();
                break;
            case MessageTypes.Rejected:
                if (ReadMember(message, "reason") is string reason)
                    HandleRejected(reason);
                break;
            case MessageTypes.Joined or MessageTypes.Linked or MessageTypes.Unlinked or MessageTypes.Left:
                if (ReadMember(message, "username") is string username && !HandlePresence(message.Type, username))
                    _output.ProtocolViolated($"{message.Type} of {username}");
                break;
            default:
                _output.ProtocolViolated(message.Type);
                break;
        }
    }

    private void HandleCustom(KrmxMessage message)
    {
        if (Username is null)
            _output.ProtocolViolated($"{message.Type} while not linked");
        else
            _events.Enqueue(() => NotifyMessage(message));
    }

    private void HandleAccepted()
    {
        if (_pendingLink is not { IsAccepted: false } link)
        {
            _output.ProtocolViolated(MessageTypes.Accepted);
            return;
        }
        link.IsAccepted = true;
        _formerUsername = null;
        _roster.Clear();
        _events.Enqueue(() => _onAccept.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
    }

    private void HandleRejected(string reason)
    {
        // A message sent before the server's unlinked arrived is answered like this, even while the next link is under way.
        bool answersMessage = reason == Reasons.UnlinkedConnection;
        if (_pendingLink is { IsAccepted: false } link && !answersMessage)
        {
            if (TryFallBack(link, reason))
                return;
            SetStatus(ClientStatus.Connected);
            if (link.RetriesConflict && reason == Reasons.AlreadyLinked(link.Username))
            {
                EndRequests(RequestOutcome.Conflict(reason));
                return;
            }
            NotifyReject(reason);
            EndRequests(RequestOutcome.Rejected(reason));
            return;
        }
        NotifyReject(reason);
        if (_isLeaveAsked && answersMessage)
        {
            // The server had unlinked the user before it read the leave, so the user stays.
            SetStatus(ClientStatus.Connected);
            EndRequests(new RequestOutcome(RequestOutcomeKind.Unlinked));
        }
    }

    /// <summary>Asks once more with a version that the server's refusal names, where it is one of ours (protocol section 6).</summary>
    private bool TryFallBack(PendingLink link, string reason)
    {
        const string Marker = "version mismatch (server=";
        int start = reason.IndexOf(Marker, StringComparison.Ordinal);
        if (start < 0 || link.HasFallenBack)
            return false;
        string named = reason[(start + Marker.Length)..];
        foreach (ProtocolVersion version in ProtocolVersion.Supported)
        {
            if (version.IsSameLine(_version) || !named.StartsWith($"{version.Major}.{version.Minor}.", StringComparison.Ordinal))
                continue;
            link.HasFallenBack = true;
            _version = version;
            SendLink(link);
            return true;
        }
        return false;
    }

    private bool HandlePresence(string type, string username)
    {
        bool isAccepted = _pendingLink is { IsAccepted: true };
        if (Username is null && !isAccepted)
            return type == MessageTypes.Left && HandleOwnLeft(username);

        switch (type)
        {
            case MessageTypes.Joined when _roster.TryJoin(username):
                NotifyUser(_onJoin, username);
                return true;
            case MessageTypes.Linked when _roster.TrySetLinked(username, true):
                if (isAccepted && username == _pendingLink!.Username)
                    CompleteLink(username);
                else
                    NotifyUser(_onLink, username);
                return true;
            case MessageTypes.Unlinked when username == Username:
                HandleOwnUnlinked(username);
                return true;
            case MessageTypes.Unlinked when _roster.TrySetLinked(username, false):
                NotifyUser(_onUnlink, username);
                return true;
            case MessageTypes.Left when username != Username && _roster.TryLeave(username):
                NotifyUser(_onLeave, username);
                return true;
            default:
                return false;
        }
    }

    private void CompleteLink(string username)
    {
        Username = username;
        SetStatus(ClientStatus.Linked);
        NotifyUser(_onLink, username);
        EndRequests(RequestOutcome.Done);
    }

    private void HandleOwnUnlinked(string username)
    {
        _formerUsername = username;
        EndLink(username);
        if (_isLeaveAsked)
            return; // left, or a rejection, is still to come
        SetStatus(ClientStatus.Connected);
        EndRequests(RequestOutcome.Done);
    }

    private bool HandleOwnLeft(string username)
    {
        if (username != _formerUsername)
            return false;
        _formerUsername = null;
        NotifyUser(_onLeave, username);
        if (_isLeaveAsked)
        {
            SetStatus(ClientStatus.Connected);
            EndRequests(RequestOutcome.Done);
        }
        return true;
    }

    private void EndLink(string username)
    {
        Username = null;
        _roster.Clear();
        NotifyUser(_onUnlink, username);
    }

    /// <summary>Answers what is still asked of the server, after the events that are under way.</summary>
    private void EndRequests(RequestOutcome outcome)
    {
        if (_pendingLink is not null)
            _events.Enqueue(() => _output.LinkEnded(outcome));
        if (_isUnlinkAsked)
            _events.Enqueue(() => _output.UnlinkEnded(outcome));
        if (_isLeaveAsked)
            _events.Enqueue(() => _output.LeaveEnded(outcome));
        _pendingLink = null;
        _isUnlinkAsked = false;
        _isLeaveAsked = false;
    }

    private string? ReadMember(in KrmxMessage message, string name)
    {
        if (Payloads.ReadString(message.Payload.Span, name) is string value)
            return value;
        _output.ProtocolViolated($"{message.Type} without a {name}");
        return null;
    }
}
