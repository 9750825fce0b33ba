using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What became of users and has not been told to those who have the extension presence: it goes out in one frame (protocol section 10).</summary>
internal sealed class PresenceChanges(TimeSpan interval)
{
    private readonly List<PresenceChange> _changes = [];

    /// <summary>When they are told at the latest; null where there are none. Without an interval that is the end of the turn.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>
    /// Whether somebody was unlinked or left. Who comes now is sent the users as they are, and would take that for news; that somebody joined or
    /// was linked it can tell by what it knows.
    /// </summary>
    public bool HasLosses { get; private set; }

    /// <summary>Who all of them are about; null where there are none, or they are about several users.</summary>
    public string? OnlyUsername => _changes.Count > 0 && _changes.TrueForAll(change => change.Username == _changes[0].Username) ? _changes[0].Username : null;

    public void Add(string kind, KrmxUser user, TimeSpan now)
    {
        _changes.Add(new PresenceChange(kind, user.Name));
        HasLosses |= kind is PresenceChange.Unlinked or PresenceChange.Left;
        Due ??= now + interval;
    }

    /// <summary>Takes them out.</summary>
    /// <returns>The frames that tell of them.</returns>
    public IEnumerable<byte[]> Take()
    {
        if (_changes.Count == 0)
            return [];
        byte[][] frames = [.. PresenceFrames.Changes(_changes)];
        Clear();
        return frames;
    }

    public void Clear()
    {
        _changes.Clear();
        HasLosses = false;
        Due = null;
    }
}
