using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>The users of a room, in the order they joined.</summary>
internal sealed class Roster
{
    private readonly Dictionary<string, KrmxUser> _byName = new(StringComparer.Ordinal);
    private readonly List<KrmxUser> _inJoinOrder = [];
    private KrmxUser[]? _snapshot;

    /// <summary>The users now; a list that stays as it is when users come and go.</summary>
    public KrmxUser[] Users => _snapshot ??= [.. _inJoinOrder];

    /// <summary>How many users are linked.</summary>
    public int LinkedCount { get; private set; }

    /// <summary>What a newcomer, linked already, is sent: that it is accepted, and who is here.</summary>
    public ReadOnlyMemory<byte>[] Picture()
    {
        var frames = new ReadOnlyMemory<byte>[1 + _inJoinOrder.Count + LinkedCount];
        int count = 0;
        frames[count++] = Frames.Accepted;
        foreach (KrmxUser user in _inJoinOrder)
        {
            frames[count++] = user.JoinedFrame;
            if (user.IsLinked)
                frames[count++] = user.LinkedFrame;
        }
        return frames;
    }

    public KrmxUser? Find(string name) => _byName.GetValueOrDefault(name);

    public KrmxUser Add(string name)
    {
        var user = new KrmxUser(name);
        _byName.Add(name, user);
        _inJoinOrder.Add(user);
        _snapshot = null;
        return user;
    }

    public void Remove(KrmxUser user)
    {
        _byName.Remove(user.Name);
        _inJoinOrder.Remove(user);
        _snapshot = null;
    }

    public void Tie(KrmxUser user, RoomConnection connection)
    {
        user.Connection = connection;
        connection.User = user;
        LinkedCount++;
    }

    public void Untie(KrmxUser user)
    {
        user.Connection!.User = null;
        user.Connection = null;
        LinkedCount--;
    }
}
