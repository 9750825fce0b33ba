using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// How a link request becomes a link: checked, authenticated, checked again in the same transition that links.
public partial class KrmxRoomCore
{
    private long _lastAttempt;

    private void HandleLinkRequest(RoomConnection connection, in KrmxMessage message)
    {
        switch (LinkPayload.TryRead(message.Payload.Span, out LinkPayload link))
        {
            case LinkPayload.Outcome.InvalidMessage:
                Reject(connection, RejectionKind.InvalidMessage, Reasons.InvalidMessage);
                return;
            case LinkPayload.Outcome.InvalidRequest:
                Reject(connection, RejectionKind.InvalidLinkRequest, Reasons.InvalidLinkRequest);
                return;
        }
        if (!ProtocolVersion.TryParse(link.Version, out ProtocolVersion version) || !_options.SupportedVersions.Any(version.IsSameLine))
        {
            Reject(connection, RejectionKind.VersionMismatch, Reasons.VersionMismatch(HighestVersion, link.Version));
            return;
        }
        if (!IsUsername(link.Username))
        {
            Reject(connection, RejectionKind.InvalidUsername, Reasons.InvalidUsername);
            return;
        }

        KrmxUser? user = _roster.Find(link.Username);
        if (!_options.AuthenticateFirst && Refusal(link.Username, user) is (RejectionKind kind, string reason))
        {
            Reject(connection, kind, reason);
            return;
        }
        Authenticate(connection, new LinkRequest(connection.Id, link.Username, link.Auth, user is null, version), user);
    }

    private ProtocolVersion HighestVersion => _options.SupportedVersions.OrderBy(v => v.Major).ThenBy(v => v.Minor).Last();

    /// <summary>Why nobody may link as a user as things are, or null.</summary>
    private (RejectionKind Kind, string Reason)? Refusal(string username, KrmxUser? user) => user switch
    {
        null when !AcceptsNewUsers => (RejectionKind.NoNewUsers, Reasons.NoNewUsers),
        { IsLinked: true } when _options.LinkConflict == LinkConflict.Reject =>
            (RejectionKind.AlreadyLinked, Reasons.AlreadyLinked(username)),
        _ => null,
    };

    private void Authenticate(RoomConnection connection, LinkRequest request, KrmxUser? user)
    {
        var attempt = new LinkAttempt(new AttemptId(++_lastAttempt), connection, request.Username, user);
        connection.Attempt = attempt;
        _attempts.Add(attempt.Id, attempt);
        user?.Add(attempt);

        // The authenticator may call back in: by the time it answers, the attempt may be over.
        LinkResult? result = _output.Authenticate(attempt.Id, request, _options.AuthenticationTimeout);
        if (result is LinkResult known && connection.Attempt == attempt)
            Decide(attempt, known);
    }

    private void Decide(LinkAttempt attempt, LinkResult result)
    {
        attempt.IsAnswered = true;
        KrmxUser? user = _roster.Find(attempt.Username);
        if (!result.IsAccepted)
            Reject(attempt, RejectionKind.Authentication, result.Reason!);
        else if (Refusal(attempt.Username, user) is (RejectionKind kind, string reason))
            Reject(attempt, kind, reason);
        else if (user != attempt.User)
            Reject(attempt, RejectionKind.UserChanged, Reasons.JoinedMeanwhile(attempt.Username));
        else if (user is null)
            Join(attempt);
        else
            Link(attempt, user);
    }

    private void Join(LinkAttempt attempt)
    {
        attempt.User = JoinUser(attempt.Username);
        attempt.User.Add(attempt);

        // In the join event the user exists and is not linked; the link goes on when every listener has been told.
        _events.Enqueue(new RoomEvent(RoomEventKind.FinishLink, Attempt: attempt));
    }

    private void FinishLink(LinkAttempt attempt)
    {
        if (attempt.Connection.Attempt == attempt)
            Link(attempt, attempt.User!);
    }

    private void Link(LinkAttempt attempt, KrmxUser user)
    {
        EndAttempt(attempt);
        if (user.IsLinked)
            UnlinkUser(user, UnlinkReason.Replaced);
        LinkUser(attempt.Connection, user);
        HandlePendingOf(attempt.Connection);
    }

    private void Reject(LinkAttempt attempt, RejectionKind kind, string reason)
    {
        EndAttempt(attempt);
        Reject(attempt.Connection, kind, reason);
        HandlePendingOf(attempt.Connection);
    }

    private void Reject(RoomConnection connection, RejectionKind kind, string reason)
    {
        _output.Send(connection.Id, FrameWriter.Write(MessageTypes.Rejected, "reason", reason));
        _output.Rejected(connection.Id, kind, reason);
    }

    /// <summary>Forgets an attempt, so that nothing of it can speak any more.</summary>
    private void EndAttempt(LinkAttempt attempt)
    {
        attempt.Connection.Attempt = null;
        attempt.User?.Remove(attempt);
        _attempts.Remove(attempt.Id);
        if (!attempt.IsAnswered)
            _output.CancelAuthentication(attempt.Id);
    }

    private void HandlePendingOf(RoomConnection connection)
    {
        if (!connection.HasPending || connection.IsPendingDue)
            return;
        connection.IsPendingDue = true;
        _events.Enqueue(new RoomEvent(RoomEventKind.HandlePending, Connection: connection));
    }

    /// <summary>Handles the frame that waited longest; one at a time, so that its events come before the next frame's effects.</summary>
    private void HandlePending(RoomConnection connection)
    {
        connection.IsPendingDue = false;
        if (!connection.HasPending || connection.Attempt is not null)
            return;
        HandleFrame(connection, connection.TakePending());
        if (connection.Attempt is null)
            HandlePendingOf(connection);
    }

    /// <summary>Asks the predicate; one that throws knows no such name, and none can make a name of what no frame can hold.</summary>
    private bool IsUsername(string name)
    {
        try
        {
            return FrameWriter.CanHold(name) && _options.IsValidUsername(name);
        }
        catch (Exception error)
        {
            _output.ListenerFailed(nameof(KrmxRoomOptions.IsValidUsername), error);
            return false;
        }
    }
}
