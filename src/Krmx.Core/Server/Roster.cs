using System.Diagnostics.CodeAnalysis;

namespace Krmx.Server;

/// <summary>The users of a server, in the order they joined.</summary>
internal sealed class Roster
{
    private readonly Dictionary<string, KrmxUser> _byName = new(StringComparer.Ordinal);
    private readonly List<KrmxUser> _inJoinOrder = [];
    private KrmxUser[]? _snapshot;
    private ConnectionId[]? _linked;

    /// <summary>The users now; a list that stays as it is when users come and go.</summary>
    public KrmxUser[] Users => _snapshot ??= [.. _inJoinOrder];

    /// <summary>The connections of the linked users, in join order of the users; stays as it is when links come and go.</summary>
    public ConnectionId[] LinkedConnections => _linked ??= [.. _inJoinOrder.Where(u => u.IsLinked).Select(u => u.Connection!.Id)];

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

    public void Tie(KrmxUser user, ServerConnection connection)
    {
        user.Connection = connection;
        connection.User = user;
        _linked = null;
    }

    public void Untie(KrmxUser user)
    {
        user.Connection!.User = null;
        user.Connection = null;
        _linked = null;
    }
}
