namespace Krmx.Rooms;

/// <summary>The users of a room who were linked and are not, by how long they have been away and by how much they were here.</summary>
/// <remarks>Both orders are exact, so that users who come and go leave nothing behind in them.</remarks>
internal sealed class AwayUsers
{
    private static readonly Comparer<KrmxUser> ByUse = Comparer<KrmxUser>.Create(static (left, right) =>
    {
        int order = left.TimeLinked.CompareTo(right.TimeLinked);
        return order != 0 ? order : left.Absence.CompareTo(right.Absence);
    });

    private readonly LinkedList<KrmxUser> _byAbsence = new();

    // Those of them whom no link attempt is about.
    private readonly SortedSet<KrmxUser> _spare = new(ByUse);
    private long _lastAbsence;

    /// <summary>Who has been away for the longest time; null where nobody is away.</summary>
    public KrmxUser? LongestAway => _byAbsence.First?.Value;

    /// <summary>All of them, the longest away first.</summary>
    public IEnumerable<KrmxUser> ByAbsence => _byAbsence;

    /// <summary>Who can be missed first: linked for the shortest time in all, of those the longest away; null where nobody can.</summary>
    public KrmxUser? LeastUsed => _spare.Min;

    /// <summary>A user is not linked any more.</summary>
    public void Add(KrmxUser user)
    {
        user.Absence = ++_lastAbsence;
        _byAbsence.AddLast(user.Place);
        if (user.AttemptCount == 0)
            _spare.Add(user);
    }

    /// <summary>A user is linked again, or leaves; one that is not away is none of ours.</summary>
    public void Remove(KrmxUser user)
    {
        if (!user.IsAway)
            return;
        _spare.Remove(user);
        _byAbsence.Remove(user.Place);
        user.Absence = 0;
    }

    /// <summary>A link attempt is about the user from now on.</summary>
    public void Hold(KrmxUser user)
    {
        if (user.AttemptCount++ == 0 && user.IsAway)
            _spare.Remove(user);
    }

    /// <summary>A link attempt that was about the user is over.</summary>
    public void Release(KrmxUser user)
    {
        if (--user.AttemptCount == 0 && user.IsAway)
            _spare.Add(user);
    }
}
