using System.Diagnostics.CodeAnalysis;

namespace Krmx.Rooms;

/// <summary>The challenges of a room that are under way: one for a connection at most.</summary>
/// <param name="time">How long a connection that was challenged has the user, if it is silent.</param>
internal sealed class Challenges(TimeSpan time)
{
    private readonly TimeSpan _half = time / 2;

    // Halves are equally long, so they are due in the order they began; what is over goes when it comes to the front.
    private readonly Queue<Challenge> _byDue = new();

    /// <summary>When the oldest half is over; null where no connection is challenged.</summary>
    public TimeSpan? NextDue => TryPeek(out Challenge? oldest) ? oldest.Due : null;

    /// <summary>Lets an attempt wait for what comes of the challenge of a connection.</summary>
    /// <returns>Whether it has begun with that; where it was under way, the connection has been asked.</returns>
    public bool Wait(LinkAttempt attempt, RoomConnection owner, TimeSpan now)
    {
        bool begins = owner.Challenge is null;
        if (begins)
            _byDue.Enqueue(owner.Challenge = new Challenge(owner, now + _half));
        owner.Challenge!.Attempts.Add(attempt);
        return begins;
    }

    /// <summary>Ends the challenge of a connection, if there is one.</summary>
    /// <returns>The attempts that waited, in order; some may be over.</returns>
    public static LinkAttempt[] End(RoomConnection owner)
    {
        if (owner.Challenge is not Challenge challenge)
            return [];
        owner.Challenge = null;
        return [.. challenge.Attempts];
    }

    /// <summary>Forgets them all.</summary>
    public void Clear() => _byDue.Clear();

    /// <summary>Finds a challenge that was not answered in time, the oldest first; each is found once.</summary>
    public bool TryTakeDue(TimeSpan now, [NotNullWhen(true)] out Challenge? challenge)
    {
        while (TryPeek(out challenge) && challenge.Due <= now)
        {
            _byDue.Dequeue();
            if (challenge.IsSecondHalf)
                return true;
            challenge.BeginSecondHalf(now + _half);
            _byDue.Enqueue(challenge);
        }
        return false;
    }

    private bool TryPeek([NotNullWhen(true)] out Challenge? oldest)
    {
        while (_byDue.TryPeek(out oldest) && oldest.IsOver)
            _byDue.Dequeue();
        return oldest is not null;
    }
}
