using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// Who has a user that is linked and that somebody else wants: its connection, if that is alive (protocol section 4).
public partial class KrmxRoomCore
{
    private readonly Challenges _challenges;

    void IRoomInput.ConnectionAnswered(ConnectionId id)
    {
        using Scope scope = EnterInput();
        if (_connections.TryGetValue(id, out RoomConnection? connection))
            RejectChallengers(connection);
    }

    /// <summary>Links an attempt, unless the user's connection is to show first that it is alive.</summary>
    private void LinkOrChallenge(LinkAttempt attempt, KrmxUser user)
    {
        if (attempt.Resume is ResumeRequest resume && RefusalBySessions(user.Name, resume) is (RejectionKind kind, string reason))
            Reject(attempt, kind, reason); // a later attempt of the same client did not have to wait
        else if (_options.Links.Conflict != LinkConflict.Challenge || user.Connection is not RoomConnection owner || IsOwner(user, attempt.Resume))
            Link(attempt, user);
        else if (_challenges.Wait(attempt, owner, _now))
            _effects.Challenge(owner.Id);
    }

    /// <summary>A connection is alive, and so keeps its user.</summary>
    private void RejectChallengers(RoomConnection owner)
    {
        foreach (LinkAttempt attempt in Challenges.End(owner))
        {
            if (!attempt.IsOver)
                Reject(attempt, RejectionKind.AlreadyLinked, Reasons.AlreadyLinked(attempt.Username));
        }
    }

    /// <summary>A connection has its user no more: those who wanted it go on, each as if it had come now, when the listeners have been told.</summary>
    private void ReleaseChallengers(RoomConnection owner)
    {
        foreach (LinkAttempt attempt in Challenges.End(owner))
            _events.Enqueue(new RoomEvent(RoomEventKind.FinishLink, Attempt: attempt));
    }

    /// <summary>The time of challenges may be up.</summary>
    private void ReplaceTheSilent()
    {
        if (_challenges.NextDue <= _now)
            _events.Enqueue(new RoomEvent(RoomEventKind.ReplaceSilent));
    }

    /// <summary>
    /// Lets the first who is left of those who wanted it have the user of a connection that has been silent for too long; one user at a time, so
    /// that its events come before the next one's effects.
    /// </summary>
    private void ReplaceSilent()
    {
        if (!_challenges.TryTakeDue(_now, out Challenge? challenge))
            return;
        if (challenge.Attempts.Find(static attempt => !attempt.IsOver) is LinkAttempt first)
            Link(first, first.User!);
        else
            Challenges.End(challenge.Owner);
        ReplaceTheSilent();
    }
}
