using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What became of users and has not been told to those who have the extension presence: it goes out in one frame (protocol section 10).</summary>
internal sealed class PresenceChanges(TimeSpan interval)
{
    private readonly List<(string Kind, KrmxUser User)> _changes = [];
    private readonly HashSet<KrmxUser> _withMeta = [];

    /// <summary>When they are told at the latest; null where there are none. Without an interval that is the end of the turn.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>
    /// Whether somebody was unlinked or left. Who comes now is sent the users as they are, and would take that for news; that somebody joined or
    /// was linked it can tell by what it knows.
    /// </summary>
    public bool HasLosses { get; private set; }

    /// <summary>The changes, in order.</summary>
    public IReadOnlyList<(string Kind, KrmxUser User)> All => _changes;

    /// <summary>Whose coming and going they are; null where there are none, or they are of several users, or not only that.</summary>
    public string? OnlyUsername =>
        _changes.Count > 0 && _withMeta.Count == 0 && _changes.TrueForAll(change => change.User.Name == _changes[0].User.Name) ? _changes[0].User.Name : null;

    public void Add(string kind, KrmxUser user, TimeSpan now)
    {
        // Whoever comes now is sent the metadata as they are: it must not be told of those before.
        if (kind == PresenceChange.MetaChanged && !_withMeta.Add(user))
            return;
        _changes.Add((kind, user));
        HasLosses |= kind is PresenceChange.Unlinked or PresenceChange.Left;
        Due ??= now + interval;
    }

    /// <summary>Takes them out.</summary>
    /// <returns>The frames that tell of them.</returns>
    public IEnumerable<byte[]> Take()
    {
        if (_changes.Count == 0)
            return [];
        byte[][] frames =
        [
            .. PresenceFrames.Changes([.. _changes.Select(static change =>
                new PresenceChange(change.Kind, change.User.Name, change.Kind == PresenceChange.MetaChanged ? change.User.Meta : null))]),
        ];
        Clear();
        return frames;
    }

    public void Clear()
    {
        _changes.Clear();
        _withMeta.Clear();
        HasLosses = false;
        Due = null;
    }
}
