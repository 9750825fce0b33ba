using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>
/// I1: one link per user. I3: lives in order, for every listener alike. I4: messages in order. I5: links after authentications, messages
/// within links. Finds the links.
/// </summary>
internal sealed class LifecycleCheck(IReadOnlyDictionary<long, ClientLog> owners, Violations violations)
{
    private readonly Dictionary<long, LinkSpan> _links = [];
    private readonly Dictionary<string, long> _linked = new(StringComparer.Ordinal);
    private readonly List<ClientUser> _users = [];
    private readonly AuthorityCheck _authority = new(violations);

    public Dictionary<long, LinkSpan> Walk(History history)
    {
        for (int i = 0; i < history.Server.Count; i++)
            Take(history.Server[i], i);

        var lives = history.Server.Where(entry => entry.Deed is Deed.Joined or Deed.Linked or Deed.Unlinked or Deed.Left);
        if (!lives.Select(entry => (entry.Deed, entry.User!)).SequenceEqual(history.Lives))
            violations.Add("I3", "two listeners saw different lives");
        return _links;
    }

    private void Take(ServerEntry entry, int index)
    {
        switch (entry.Deed)
        {
            case Deed.Asked:
                _authority.Asked(entry);
                break;
            case Deed.Decided:
                _authority.Decided(entry);
                break;
            case Deed.Joined:
                Demand(Find(entry.User!) < 0, $"{entry.User} joined twice");
                _authority.Joined(entry.User!);
                _users.Add(new ClientUser(entry.User!, false));
                break;
            case Deed.Linked:
                Link(entry, index);
                break;
            case Deed.Handled:
                Handle(entry);
                break;
            case Deed.Unlinked:
                Unlink(entry.User!, index);
                break;
            case Deed.Left:
                Demand(!_linked.ContainsKey(entry.User!), $"{entry.User} left while linked");
                Demand(_users.RemoveAll(user => user.Name == entry.User) == 1, $"{entry.User} left without having joined");
                break;
        }
    }

    private void Link(ServerEntry entry, int index)
    {
        string user = entry.User!;
        if (_linked.TryGetValue(user, out long former))
            violations.Add("I1", $"{user} has link {former} and link {entry.Number}");
        int at = Find(user);
        Demand(at >= 0, $"{user} was linked without having joined");
        _authority.Linked(user, owners.GetValueOrDefault(entry.Number)?.Name, entry.Number);
        _linked[user] = entry.Number;
        if (at >= 0)
            _users[at] = new ClientUser(user, true);
        _links[entry.Number] = new LinkSpan(user, index, [.. _users]);
    }

    private void Handle(ServerEntry entry)
    {
        if (!_linked.TryGetValue(entry.User!, out long link) || link != entry.Link)
        {
            violations.Add("I5", $"message {entry.Number} of link {entry.Link} was handled when {entry.User} had link {link}");
            return;
        }
        LinkSpan span = _links[link];
        if (entry.Number != span.Handled + 1)
            violations.Add("I4", $"of link {link} message {entry.Number} was handled after {span.Handled}");
        span.Handled = entry.Number;
    }

    private void Unlink(string user, int index)
    {
        Demand(_linked.Remove(user, out long link), $"{user} was unlinked without a link");
        if (_links.TryGetValue(link, out LinkSpan? span))
            span.End = index;
        if (Find(user) is int at and >= 0)
            _users[at] = new ClientUser(user, false);
    }

    private int Find(string user) => _users.FindIndex(known => known.Name == user);

    private void Demand(bool holds, string otherwise)
    {
        if (!holds)
            violations.Add("I3", otherwise);
    }
}
