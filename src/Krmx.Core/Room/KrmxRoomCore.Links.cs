using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// How a link request becomes a link: checked, authenticated, checked again in the same transition that links.
public partial class KrmxRoomCore
{
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
        if (!_options.Sessions.Enabled)
            link = link with { Extensions = link.Extensions & ~KrmxExtensions.Resume, Resume = null };
        if (!ProtocolVersion.TryParse(link.Version, out ProtocolVersion version) || !_options.Links.SupportedVersions.Any(version.IsSameLine))
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
        if (!_options.Links.AuthenticateFirst && Refusal(link.Username, user, link.Resume) is (RejectionKind kind, string reason))
        {
            Reject(connection, kind, reason);
            return;
        }
        var request = new LinkRequest
        {
            Username = link.Username,
            Auth = link.Auth,
            IsNewUser = user is null,
            Version = version,
            Connection = connection.Facts,
        };
        Authenticate(connection, request, link, user);
    }

    private ProtocolVersion HighestVersion => _options.Links.SupportedVersions.OrderBy(v => v.Major).ThenBy(v => v.Minor).Last();

    /// <summary>Why nobody may link as a user as things are, or null.</summary>
    private (RejectionKind Kind, string Reason)? Refusal(string username, KrmxUser? user, ResumeRequest? resume) => user switch
    {
        _ when resume is not null && RefusalBySessions(username, resume) is { } refusal => refusal,
        null when !AcceptsNewUsers => (RejectionKind.NoNewUsers, Reasons.NoNewUsers),
        null when !HasPlace => (RejectionKind.TooManyUsers, Reasons.TooManyUsers),
        { IsLinked: true } when _options.Links.Conflict == LinkConflict.Reject && !IsOwner(user, resume) =>
            (RejectionKind.AlreadyLinked, Reasons.AlreadyLinked(username)),
        _ => null,
    };

    private void Authenticate(RoomConnection connection, LinkRequest request, in LinkPayload link, KrmxUser? user)
    {
        LinkAttempt attempt = _attempts.Begin(connection, link, request.Version, user, _now + _options.Links.AuthenticationTimeout);
        if (user is not null)
            _roster.Away.Hold(user);
        if (((IRoomInput)this).AsksAuthentication)
            _effects.Authenticate(connection.Id, attempt.Id, request);
        else
            Decide(attempt, LinkResult.Accept);
    }

    private void Decide(LinkAttempt attempt, LinkResult result)
    {
        attempt.IsAnswered = true;
        attempt.Principal = result.Principal;
        attempt.Meta = result.Meta;
        KrmxUser? user = _roster.Find(attempt.Username);
        if (!result.IsAccepted)
            Reject(attempt, RejectionKind.Authentication, result.Reason!);
        else if (Refusal(attempt.Username, user, attempt.Resume) is (RejectionKind kind, string reason))
            Reject(attempt, kind, reason);
        else if (user != attempt.User)
            RejectOvertaken(attempt, isLinked: user is { IsLinked: true });
        else if (user is null)
            Join(attempt);
        else
            LinkOrChallenge(attempt, user);
    }

    private void Join(LinkAttempt attempt)
    {
        attempt.User = JoinUser(attempt.Username);
        TakeMeta(attempt, attempt.User);
        _roster.Away.Hold(attempt.User);

        // In the join event the user exists and is not linked; the link goes on when every listener has been told.
        _events.Enqueue(new RoomEvent(RoomEventKind.FinishLink, Attempt: attempt));
    }

    private void FinishLink(LinkAttempt attempt)
    {
        if (!attempt.IsOver)
            LinkOrChallenge(attempt, attempt.User!);
    }

    private void Link(LinkAttempt attempt, KrmxUser user)
    {
        EndAttempt(attempt);
        if (attempt.Resume is ResumeRequest resume)
        {
            LinkWithSession(attempt, user, resume);
        }
        else
        {
            if (user.IsLinked)
                UnlinkUser(user, UnlinkReason.Replaced);
            if (user.Session is Session suspended)
                EndSession(suspended, SessionEndReason.Replaced);
            bool hasPresence = attempt.Extensions.HasFlag(KrmxExtensions.Presence);
            LinkUser(attempt, user, session: null, hasPresence ? Frames.AcceptedWithPresence : Frames.Accepted);
        }
        HandlePendingOf(attempt.Connection);
    }

    /// <summary>Gives a user the metadata of its link, once: listeners may set others before the link is made.</summary>
    private void TakeMeta(LinkAttempt attempt, KrmxUser user)
    {
        if (attempt.Meta is KrmxMeta meta)
            ChangeMeta(user, meta);
        attempt.Meta = null;
    }

    /// <summary>Rejects an attempt for a user who joined meanwhile: for that one it was not authenticated, and so may not even challenge.</summary>
    private void RejectOvertaken(LinkAttempt attempt, bool isLinked)
    {
        if (isLinked && _options.Links.Conflict == LinkConflict.Challenge)
            Reject(attempt, RejectionKind.AlreadyLinked, Reasons.AlreadyLinked(attempt.Username));
        else
            Reject(attempt, RejectionKind.UserChanged, Reasons.JoinedMeanwhile(attempt.Username));
    }

    private void Reject(LinkAttempt attempt, RejectionKind kind, string reason)
    {
        EndAttempt(attempt);
        Reject(attempt.Connection, kind, reason);
        HandlePendingOf(attempt.Connection);
    }

    private void Reject(RoomConnection connection, RejectionKind kind, string reason)
    {
        _effects.Send(connection.Id, FrameWriter.Write(MessageTypes.Rejected, "reason", reason));
        _diagnostics.Rejected(connection.Id, kind, reason);
    }

    /// <summary>Forgets an attempt, so that nothing of it can speak any more.</summary>
    private void EndAttempt(LinkAttempt attempt)
    {
        _attempts.End(attempt);
        if (attempt.User is KrmxUser user)
            _roster.Away.Release(user);
        if (!attempt.IsAnswered)
            _effects.CancelAuthentication(attempt.Connection.Id, attempt.Id);
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
            return Utf16.IsWellFormed(name) && _options.Links.IsValidUsername(name);
        }
        catch (Exception error)
        {
            _diagnostics.ListenerFailed(nameof(KrmxLinkOptions.IsValidUsername), error);
            return false;
        }
    }
}
