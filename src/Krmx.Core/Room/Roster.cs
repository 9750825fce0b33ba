namespace Krmx.Rooms;

/// <summary>The users of a room, in the order they joined.</summary>
internal sealed class Roster
{
    private readonly Dictionary<string, KrmxUser> _byName = new(StringComparer.Ordinal);

    // In join order, and none of them empty.
    private readonly List<RosterPage> _pages = [];
    private KrmxUser[]? _snapshot;

    /// <summary>The users now; a list that stays as it is when users come and go.</summary>
    public KrmxUser[] Users => _snapshot ??= [.. _pages.SelectMany(static page => page.Users)];

    /// <summary>How many users there are.</summary>
    public int Count => _byName.Count;

    /// <summary>How many users are linked.</summary>
    public int LinkedCount { get; private set; }

    /// <summary>How many of them are linked to a connection that has the extension presence.</summary>
    public int PresenceCount { get; private set; }

    /// <summary>Those who were linked and are not.</summary>
    public AwayUsers Away { get; } = new();

    /// <summary>What a newcomer, linked already, is sent: that it is accepted, and who is here.</summary>
    /// <param name="newcomer">Its connection.</param>
    /// <param name="accepted">The frame that accepts it.</param>
    public RosterPicture PictureFor(RoomConnection newcomer, byte[] accepted) =>
        new([[accepted], .. _pages.Select(page => page.For(newcomer.HasPresence))]);

    public KrmxUser? Find(string name) => _byName.GetValueOrDefault(name);

    public KrmxUser Add(KrmxRoomCore room, string name)
    {
        var user = new KrmxUser(room, name);
        _byName.Add(name, user);
        if (_pages.Count == 0 || _pages[^1].Users.Count >= RosterPage.Size)
            _pages.Add(new RosterPage());
        _pages[^1].Add(user);
        _snapshot = null;
        return user;
    }

    public void Remove(KrmxUser user)
    {
        _byName.Remove(user.Name);
        Away.Remove(user);
        user.Page!.Remove(user);
        Mend(_pages.IndexOf(user.Page));
        _snapshot = null;
    }

    public void Tie(KrmxUser user, RoomConnection connection, TimeSpan now)
    {
        user.Connection = connection;
        connection.User = user;
        user.Since = now;
        user.Page!.Change();
        Away.Remove(user);
        LinkedCount++;
        PresenceCount += connection.HasPresence ? 1 : 0;
    }

    public void Untie(KrmxUser user, TimeSpan now)
    {
        PresenceCount -= user.Connection!.HasPresence ? 1 : 0;
        user.Connection.User = null;
        user.Connection = null;
        user.TimeLinked += now - user.Since;
        user.Since = now;
        user.Page!.Change();
        Away.Add(user);
        LinkedCount--;
    }

    /// <summary>After users have left a page, makes one of pages that have become small.</summary>
    private void Mend(int page)
    {
        if (_pages[page].Users.Count == 0)
            _pages.RemoveAt(page);
        for (int left = Math.Max(0, page - 1); left <= page && left + 1 < _pages.Count; left++)
        {
            if (_pages[left].TryTakeOver(_pages[left + 1]))
                _pages.RemoveAt(left + 1);
        }
    }
}
