using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>I5: a link needs an accepted authentication by its connection, for its user as it was when the authentication began.</summary>
internal sealed class AuthorityCheck(Violations violations)
{
    private readonly Dictionary<long, Attempt> _attempts = [];
    private readonly Dictionary<string, List<Attempt>> _accepted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lives = new(StringComparer.Ordinal);

    public void Asked(ServerEntry entry) =>
        _attempts[entry.Number] = new Attempt(entry.User!, entry.Client, _lives.GetValueOrDefault(entry.User!) + (entry.IsYes ? 1 : 0));

    public void Decided(ServerEntry entry)
    {
        if (!_attempts.Remove(entry.Number, out Attempt? attempt) || !entry.IsYes)
            return;
        if (!_accepted.TryGetValue(attempt.User, out List<Attempt>? accepted))
            _accepted.Add(attempt.User, accepted = []);
        accepted.Add(attempt);
    }

    public void Joined(string user) => _lives[user] = _lives.GetValueOrDefault(user) + 1;

    /// <param name="user">Who was linked.</param>
    /// <param name="client">By whom; null where no client knows of the link, as one that was lost with its connection.</param>
    /// <param name="link">The link's number.</param>
    public void Linked(string user, string? client, long link)
    {
        int life = _lives.GetValueOrDefault(user);
        List<Attempt> accepted = _accepted.GetValueOrDefault(user, []);
        int index = accepted.FindLastIndex(attempt => attempt.Life == life && (client is null || attempt.Client == client));
        if (index < 0)
            violations.Add("I5", $"link {link} of {user} by {client ?? "somebody"} without an authentication that holds");
        else
            accepted.RemoveAt(index);
        accepted.RemoveAll(attempt => attempt.Life < life);
    }

    /// <param name="User">Who it was for.</param>
    /// <param name="Client">Who asked.</param>
    /// <param name="Life">Which life of the user it is good for, counted from 1.</param>
    private sealed record Attempt(string User, string? Client, int Life);
}
