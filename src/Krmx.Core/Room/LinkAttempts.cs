using System.Diagnostics.CodeAnalysis;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>The link attempts of a room that are under way: one for a connection at most.</summary>
internal sealed class LinkAttempts
{
    private readonly Dictionary<AttemptId, LinkAttempt> _byId = [];

    // In the order they began, and so in the order they are due; those that are over go when they come to the front.
    private readonly Queue<LinkAttempt> _byDue = new();
    private long _last;

    /// <summary>When the oldest one has taken too long; null where none waits for an answer.</summary>
    public TimeSpan? NextDue => TryPeek(out LinkAttempt? oldest) ? oldest.Due : null;

    /// <summary>All of them.</summary>
    public LinkAttempt[] All => [.. _byId.Values];

    /// <summary>Begins an attempt of a connection that has none.</summary>
    public LinkAttempt Begin(RoomConnection connection, in LinkPayload payload, ProtocolVersion version, KrmxUser? user, TimeSpan due)
    {
        var attempt = new LinkAttempt(new AttemptId(++_last), connection, payload, version, user, due);
        connection.Attempt = attempt;
        _byId.Add(attempt.Id, attempt);
        _byDue.Enqueue(attempt);
        return attempt;
    }

    /// <summary>Forgets an attempt.</summary>
    public void End(LinkAttempt attempt)
    {
        attempt.Connection.Attempt = null;
        _byId.Remove(attempt.Id);
    }

    /// <summary>Finds an attempt that waits for its answer.</summary>
    public bool TryFindUnanswered(AttemptId id, [NotNullWhen(true)] out LinkAttempt? attempt) =>
        _byId.TryGetValue(id, out attempt) && !attempt.IsAnswered;

    /// <summary>The attempts for a user as it is now, in the order they began.</summary>
    public LinkAttempt[] For(KrmxUser user) => user.AttemptCount == 0
        ? []
        : [.. _byId.Values.Where(attempt => attempt.User == user).OrderBy(static attempt => attempt.Id.Value)];

    /// <summary>Finds an attempt that has taken too long, the oldest first; each is found once.</summary>
    public bool TryTakeDue(TimeSpan now, [NotNullWhen(true)] out LinkAttempt? attempt) =>
        TryPeek(out attempt) && attempt.Due <= now && _byDue.TryDequeue(out attempt);

    private bool TryPeek([NotNullWhen(true)] out LinkAttempt? oldest)
    {
        while (_byDue.TryPeek(out oldest))
        {
            if (!oldest.IsOver && !oldest.IsAnswered)
                return true;
            _byDue.Dequeue();
        }
        return false;
    }
}
