using Krmx.Client;
using Krmx.Protocol;

namespace Krmx;

// What the server sends (protocol section 3).
public partial class KrmxClientCore
{
    /// <summary>Whether the link has the extension presence, which resume implies.</summary>
    private bool HasPresence => _extensions != KrmxExtensions.None && ClientTransitions.IsAmongUsers(_phase);

    private void Handle(in KrmxMessage message)
    {
        if (!message.IsReserved)
        {
            if (!message.IsVolatile)
                CountReceived(message);
            HandleCustom(message);
            return;
        }
        CountReceived(message);
        switch (message.Type)
        {
            case MessageTypes.Accepted:
                HandleAccepted(message);
                break;
            case MessageTypes.Rejected:
                if (ReadMember(message, "reason") is string reason)
                    HandleRejected(reason);
                break;
            case MessageTypes.Joined or MessageTypes.Linked or MessageTypes.Unlinked or MessageTypes.Left:
                if (ReadMember(message, "username") is string username && !HandlePresence(message.Type, username))
                    _output.ProtocolViolated($"{message.Type} of {username}");
                break;
            case MessageTypes.Users when HasPresence:
                HandleUsers(message);
                break;
            case MessageTypes.Changes when HasPresence:
                HandleChanges(message);
                break;
            case MessageTypes.Count when HasPresence:
                HandleCount(message);
                break;
            case MessageTypes.Ready when HasPresence && ClientTransitions.TryGetNext(_phase, ClientSignal.Ready, out _):
                EndArrival();
                TryMove(ClientSignal.Ready);
                if (_session is not null)
                    _session.IsReady = true;
                break;
            case MessageTypes.Ack when _output.SessionKey is not null:
                HandleAck(message);
                break;
            default:
                _output.ProtocolViolated(message.Type);
                break;
        }
    }

    /// <summary>Takes in users as they are: those that are new to it, or linked where they were not.</summary>
    private void HandleUsers(in KrmxMessage message)
    {
        if (Payloads.ReadUsers(message.Payload.Span) is not { } users)
        {
            _output.ProtocolViolated($"{message.Type} without users");
            return;
        }
        foreach (ClientUser user in users)
        {
            Change(new PresenceChange(PresenceChange.Joined, user.Name));
            Change(new PresenceChange(PresenceChange.MetaChanged, user.Name, user.Meta));
            if (user.IsLinked)
                Change(new PresenceChange(PresenceChange.Linked, user.Name));
        }
    }

    private void HandleChanges(in KrmxMessage message)
    {
        if (Payloads.ReadChanges(message.Payload.Span) is not { } changes)
        {
            _output.ProtocolViolated($"{message.Type} without changes");
            return;
        }

        // The coming and going of the own user is told in messages of their own, when it is true for this connection.
        foreach (PresenceChange change in changes.Where(change => change.Username != _link.Username || change.Kind == PresenceChange.MetaChanged))
            Change(change);
    }

    private void HandleCount(in KrmxMessage message)
    {
        if (Payloads.ReadCount(message.Payload.Span, "users") is not (>= 0 and <= int.MaxValue and long users) ||
            Payloads.ReadCount(message.Payload.Span, "linked") is not (>= 0 and <= int.MaxValue and long linked))
        {
            _output.ProtocolViolated($"{message.Type} without counts");
            return;
        }
        var count = new ClientUserCount((int)users, (int)linked);
        if (count == _roster.Count)
            return;
        _roster.Count = count;
        _events.Enqueue(() => _onUserCount.Notify(count, static (listener, count) => listener(count), _output.ListenerFailed));
    }

    /// <summary>Takes in a change; one that is known already, from the users as they were sent, is no news.</summary>
    private void Change(in PresenceChange change)
    {
        string username = change.Username;
        switch (change.Kind)
        {
            case PresenceChange.Joined:
                if (_roster.TryJoin(username))
                    NotifyUser(_onJoin, username);
                break;
            case PresenceChange.Linked:
                if (_roster.TrySetLinked(username, true) && (username != _link.Username || !TryCompleteLink(username)))
                    NotifyUser(_onLink, username);
                break;
            case PresenceChange.Unlinked:
                if (_roster.TrySetLinked(username, false))
                    NotifyUser(_onUnlink, username);
                break;
            case PresenceChange.Left:
                if (_roster.TryLeave(username))
                    NotifyUser(_onLeave, username);
                break;
            case PresenceChange.MetaChanged:
                if (_roster.TrySetMeta(username, change.Meta))
                    NotifyMeta(username, change.Meta);
                break;
            default:
                _output.ProtocolViolated($"a change '{change.Kind}' of {username}");
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

    private void HandleAccepted(in KrmxMessage message)
    {
        SessionAnswer answer = Payloads.ReadSession(message.Payload.Span);
        if (TryRecover(answer))
            return;
        if (!ClientTransitions.TryGetNext(_phase, ClientSignal.Accepted, out _))
        {
            _output.ProtocolViolated(MessageTypes.Accepted);
            return;
        }
        PendingFrame[] again = _phase == ClientPhase.Resuming ? BeginAnew(answer) : [];
        TryMove(ClientSignal.Accepted);
        BeginSession(answer, again);
        _extensions = Payloads.ReadExtensions(message.Payload.Span);
        _formerUsername = null;
        _roster.Clear();
        _events.Enqueue(() => _onAccept.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
    }

    private void HandleRejected(string reason)
    {
        // A message sent before the server's unlinked arrived is answered like this, even while the next link is under way.
        if (reason == Reasons.UnlinkedConnection)
        {
            NotifyReject(reason);
            if (TryMove(ClientSignal.TooLate))
                EndRequest(new RequestOutcome(RequestOutcomeKind.Unlinked));
        }
        else if (!TryFallBack(reason) && !TryEndRejectedLink(reason))
        {
            NotifyReject(reason);
        }
    }

    /// <summary>Asks once more with a version that the server's refusal names, where it is one of ours (protocol section 6).</summary>
    private bool TryFallBack(string reason)
    {
        if (FindNamedVersion(reason) is not ProtocolVersion version || !TryMove(ClientSignal.Mismatched))
            return false;
        _version = version;
        SendLink(_link with { Version = version.ToString() });
        return true;
    }

    private ProtocolVersion? FindNamedVersion(string reason)
    {
        const string Marker = "version mismatch (server=";
        int start = reason.IndexOf(Marker, StringComparison.Ordinal);
        if (start < 0)
            return null;
        string named = reason[(start + Marker.Length)..];
        foreach (ProtocolVersion version in ProtocolVersion.Supported)
        {
            if (!version.IsSameLine(_version) && named.StartsWith($"{version.Major}.{version.Minor}.", StringComparison.Ordinal))
                return version;
        }
        return null;
    }

    private bool TryEndRejectedLink(string reason)
    {
        bool isEnd = _phase == ClientPhase.Resuming;
        if (!ClientTransitions.TryGetNext(_phase, ClientSignal.Rejected, out _))
            return false;
        if (isEnd)
            LoseSession(isGap: true);
        TryMove(ClientSignal.Rejected);
        bool isConflict = _retriesConflict && reason == Reasons.AlreadyLinked(_link.Username);
        if (isEnd)
            EndLink(Username!, comesBack: isConflict);
        else if (!isConflict)
            Forgo();
        _output.LinkChanged(isConflict ? LinkChange.Conflicted : LinkChange.Rejected);
        if (!isConflict)
            NotifyReject(reason);
        EndRequest(isConflict ? RequestOutcome.Conflict(reason) : RequestOutcome.Rejected(reason));
        return true;
    }

    private bool HandlePresence(string type, string username)
    {
        if (!ClientTransitions.IsAmongUsers(_phase))
            return type == MessageTypes.Left && HandleOwnLeft(username);
        switch (type)
        {
            case MessageTypes.Joined when _roster.TryJoin(username):
                NotifyUser(_onJoin, username);
                return true;
            case MessageTypes.Linked when _roster.TrySetLinked(username, true):
                if (username != _link.Username || !TryCompleteLink(username))
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

    private bool TryCompleteLink(string username)
    {
        bool isEarly = HasPresence;
        if (!TryMove(isEarly ? ClientSignal.OwnLinkedEarly : ClientSignal.OwnLinked))
            return false;
        Username = username;
        _comesBack = false;
        _output.LinkChanged(LinkChange.Made);
        NotifyUser(_onLink, username);
        if (!isEarly)
            EndRequest(RequestOutcome.Done);
        WritePending();
        return true;
    }

    /// <summary>Answers the request for a link that is made, where that has waited for all that a newcomer is told.</summary>
    private void EndArrival()
    {
        if (_phase == ClientPhase.Arriving)
            EndRequest(RequestOutcome.Done);
    }

    private void HandleOwnUnlinked(string username)
    {
        bool isUnasked = _phase is ClientPhase.Linked or ClientPhase.Arriving;
        EndArrival();
        LoseSession(isGap: false);
        _formerUsername = username;
        EndLink(username, comesBack: false);
        TryMove(ClientSignal.OwnUnlinked);
        if (isUnasked)
            _output.LinkChanged(LinkChange.EndedByServer);
        else if (_phase == ClientPhase.Connected)
            EndRequest(RequestOutcome.Done);
    }

    private bool HandleOwnLeft(string username)
    {
        if (username != _formerUsername)
            return false;
        _formerUsername = null;
        NotifyUser(_onLeave, username);
        bool isAsked = _phase == ClientPhase.Left;
        TryMove(ClientSignal.OwnLeft);
        if (isAsked)
            EndRequest(RequestOutcome.Done);
        return true;
    }

    private void EndLink(string username, bool comesBack)
    {
        Username = null;
        _comesBack = comesBack;
        _roster.Clear();
        NotifyUser(_onUnlink, username);
    }

    /// <summary>A link that ended is not made anew after all.</summary>
    private void Forgo()
    {
        if (!_comesBack)
            return;
        _comesBack = false;
        _events.Enqueue(() => _onForgone.Notify(this, static (listener, _) => listener(), _output.ListenerFailed));
    }

    /// <summary>Answers what is asked of the server, if anything is, after the events that are under way.</summary>
    private void EndRequest(RequestOutcome outcome)
    {
        if (_request is not ClientRequest request)
            return;
        _request = null;
        _events.Enqueue(() => _output.RequestEnded(request, outcome));
    }

    private string? ReadMember(in KrmxMessage message, string name)
    {
        if (Payloads.ReadString(message.Payload.Span, name) is string value)
            return value;
        _output.ProtocolViolated($"{message.Type} without a {name}");
        return null;
    }
}
