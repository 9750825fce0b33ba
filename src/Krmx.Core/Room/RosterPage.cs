using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>Some users who joined one after the other, and what tells a newcomer of them, kept until one of them changes.</summary>
internal sealed class RosterPage
{
    /// <summary>How many users it may have.</summary>
    public const int Size = 64;

    private readonly List<KrmxUser> _users = [];
    private ReadOnlyMemory<byte>[]? _frames;
    private ReadOnlyMemory<byte>[]? _presence;

    /// <summary>The users, in the order they joined.</summary>
    public IReadOnlyList<KrmxUser> Users => _users;

    /// <summary>The frames that tell of them; an array that is never written to again.</summary>
    /// <param name="hasPresence">Whether to one who has the extension presence.</param>
    public ReadOnlyMemory<byte>[] For(bool hasPresence) => hasPresence
        ? _presence ??= [PresenceFrames.Users(_users)]
        : _frames ??= MakeFrames();

    /// <summary>Adds a user behind the others.</summary>
    public void Add(KrmxUser user)
    {
        user.Page = this;
        _users.Add(user);
        Change();
    }

    /// <summary>Takes a user out.</summary>
    public void Remove(KrmxUser user)
    {
        _users.Remove(user);
        Change();
    }

    /// <summary>A user has come or gone, was linked or unlinked.</summary>
    public void Change() => _frames = _presence = null;

    /// <summary>Takes over the users of the page behind it, if both together leave room for as many again.</summary>
    public bool TryTakeOver(RosterPage next)
    {
        if (_users.Count + next._users.Count > Size / 2)
            return false;
        foreach (KrmxUser user in next._users)
            Add(user);
        return true;
    }

    private ReadOnlyMemory<byte>[] MakeFrames()
    {
        var frames = new ReadOnlyMemory<byte>[_users.Count + _users.Count(static user => user.IsLinked)];
        int count = 0;
        foreach (KrmxUser user in _users)
        {
            frames[count++] = user.JoinedFrame;
            if (user.IsLinked)
                frames[count++] = user.LinkedFrame;
        }
        return frames;
    }
}
