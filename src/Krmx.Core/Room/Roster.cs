using System.Diagnostics.CodeAnalysis;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>The users of a server, in the order they joined.</summary>
internal sealed class Roster
{
    private readonly Dictionary<string, KrmxUser> _byName = new(StringComparer.Ordinal);
    private readonly List<KrmxUser> _inJoinOrder = [];
    private KrmxUser[]? _snapshot;
    private ReadOnlyMemory<byte>[] _welcome = [];

    // Filled anew when somebody asks, except that who comes last is put at its end: a room filling up costs no more than its users.
    private ConnectionId[] _linked = [];
    private int _linkedCount;
    private bool _isLinkedKnown = true;

    /// <summary>The users now; a list that stays as it is when users come and go.</summary>
    public KrmxUser[] Users => _snapshot ??= [.. _inJoinOrder];

    /// <summary>What a newcomer, linked already, is sent: that it is accepted, and who is here; valid until somebody comes or goes.</summary>
    public ReadOnlySpan<ReadOnlyMemory<byte>> Welcome
    {
        get
        {
            int most = 1 + (2 * _inJoinOrder.Count);
            if (_welcome.Length < most)
                Array.Resize(ref _welcome, 2 * most);
            int count = 0;
            _welcome[count++] = Frames.Accepted;
            foreach (KrmxUser user in _inJoinOrder)
            {
                _welcome[count++] = user.JoinedFrame;
                if (user.IsLinked)
                    _welcome[count++] = user.LinkedFrame;
            }
            return _welcome.AsSpan(0, count);
        }
    }

    /// <summary>The connections of the linked users, in join order of the users; valid until a link comes or goes.</summary>
    public ReadOnlySpan<ConnectionId> LinkedConnections
    {
        get
        {
            if (!_isLinkedKnown)
                FillLinked();
            return _linked.AsSpan(0, _linkedCount);
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out KrmxUser? user) => _byName.TryGetValue(name, out user);

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
        if (_isLinkedKnown && _inJoinOrder[^1] == user)
            AddLinked(connection.Id);
        else
            _isLinkedKnown = false;
    }

    public void Untie(KrmxUser user)
    {
        user.Connection!.User = null;
        user.Connection = null;
        _isLinkedKnown = false;
    }

    private void FillLinked()
    {
        _linkedCount = 0;
        foreach (KrmxUser user in _inJoinOrder)
        {
            if (user.Connection is RoomConnection connection)
                AddLinked(connection.Id);
        }
        _isLinkedKnown = true;
    }

    private void AddLinked(ConnectionId connection)
    {
        if (_linkedCount == _linked.Length)
            Array.Resize(ref _linked, Math.Max(4, 2 * _linkedCount));
        _linked[_linkedCount++] = connection;
    }
}
