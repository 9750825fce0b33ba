using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Krmx.Client;

/// <summary>The users a linked client has been told of, in the order the server has them.</summary>
/// <remarks>Changed by the client's inputs; read from any thread.</remarks>
internal sealed class ClientRoster
{
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<long, ClientUser> _inJoinOrder = ImmutableSortedDictionary<long, ClientUser>.Empty;
    private Snapshot _snapshot = new(ImmutableSortedDictionary<long, ClientUser>.Empty, []);
    private StrongBox<ClientUserCount>? _count; // so that a reader on another thread never sees half of one
    private long _lastPlace;

    /// <summary>A list that stays as it is when users come and go.</summary>
    public IReadOnlyList<ClientUser> Users
    {
        get
        {
            ImmutableSortedDictionary<long, ClientUser> now = _inJoinOrder;
            Snapshot snapshot = _snapshot;
            if (!ReferenceEquals(snapshot.Of, now))
                _snapshot = snapshot = new Snapshot(now, [.. now.Values]);
            return snapshot.Users;
        }
    }

    /// <summary>How many there are, where no more is told; null where everyone is told of.</summary>
    public ClientUserCount? Count
    {
        get => _count?.Value;
        set => _count = value is ClientUserCount count ? new StrongBox<ClientUserCount>(count) : null;
    }

    public bool TryJoin(string name)
    {
        if (!_places.TryAdd(name, ++_lastPlace))
            return false;
        _inJoinOrder = _inJoinOrder.Add(_lastPlace, new ClientUser(name, false));
        return true;
    }

    public bool TrySetLinked(string name, bool linked)
    {
        if (!_places.TryGetValue(name, out long place) || _inJoinOrder[place].IsLinked == linked)
            return false;
        _inJoinOrder = _inJoinOrder.SetItem(place, _inJoinOrder[place] with { IsLinked = linked });
        return true;
    }

    public bool TrySetMeta(string name, KrmxMeta? meta)
    {
        if (!_places.TryGetValue(name, out long place) || Equals(_inJoinOrder[place].Meta, meta))
            return false;
        _inJoinOrder = _inJoinOrder.SetItem(place, _inJoinOrder[place] with { Meta = meta });
        return true;
    }

    public bool TryLeave(string name)
    {
        if (!_places.Remove(name, out long place))
            return false;
        _inJoinOrder = _inJoinOrder.Remove(place);
        return true;
    }

    public void Clear()
    {
        _places.Clear();
        _inJoinOrder = _inJoinOrder.Clear();
        Count = null;
    }

    private sealed record Snapshot(ImmutableSortedDictionary<long, ClientUser> Of, ClientUser[] Users);
}
