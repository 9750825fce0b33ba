namespace Krmx.Simulation;

// Who is told of users in the model: the classic clients one by one, and the others by lists.
public sealed partial class Model
{
    private readonly List<(string Change, ModelUser User)> _untold = [];
    private bool _hasLosses;
    private TimeSpan _untoldSince;
    private TimeSpan? _countDue;
    private TimeSpan? _lastCount;

    /// <summary>Whether there are changes of users that not everybody has been told.</summary>
    public bool HasUntold => _untold.Count > 0 || _countDue is not null;

    public void EndTurn()
    {
        do
        {
            if (_untold.Count > 0 && _untoldSince + setup.PresenceInterval <= _now)
                TellChanges();
            if (_countDue <= _now)
                TellCount();
        }
        while (EndOverflowed());
        Settle();
    }

    private IEnumerable<ModelConnection> WithPresence =>
        _users.Where(u => u.Connection is { HasPresence: true }).Select(u => u.Connection!);

    private IEnumerable<ModelConnection> Classic =>
        _users.Where(u => u.Connection is { HasPresence: false }).Select(u => u.Connection!);

    /// <summary>Those of the classic clients who are told of others.</summary>
    private IEnumerable<ModelConnection> ToldOfOthers => setup.IsCounted ? [] : Classic;

    private string Count => $$$"""{"type":"krmx/count","payload":{"users":{{{_users.Count}}},"linked":{{{_users.Count(user => user.Connection is not null)}}}}}""";

    private void Note(string change, ModelUser user)
    {
        if (!WithPresence.Any() && !Counting.Any())
        {
            ForgetChanges();
            return;
        }
        if (setup.IsCounted)
        {
            double seconds = Math.Max(1, setup.PresenceInterval.TotalSeconds);
            _countDue ??= new[] { _now, (_lastCount ?? TimeSpan.Zero) + TimeSpan.FromSeconds(_lastCount is null ? 0 : seconds) }.Max();
            return;
        }
        if (_untold.Count == 0)
            _untoldSince = _now;
        if (change == "meta" && _untold.Contains((change, user)))
            return;
        _untold.Add((change, user));
        _hasLosses |= change is "unlinked" or "left";
    }

    private void TakeMeta(ModelAttempt attempt, ModelUser user)
    {
        if (attempt.Meta is not null)
            ChangeMeta(user, attempt.Meta);
        attempt.Meta = null;
    }

    private void ChangeMeta(ModelUser user, string? meta)
    {
        if (user.Meta == meta)
            return;
        user.Meta = meta;
        if (!setup.IsCounted)
            Note("meta", user);
        else if (user.Connection is null or { HasPresence: true })
            Post([user], $$$"""{"type":"krmx/changes","payload":{"changes":[["meta","{{{user.Name}}}"{{{MetaOf(user)}}}]]}}""");
    }

    private static string MetaOf(ModelUser user) => user.Meta is null ? "" : $",\"{user.Meta}\"";

    private void TellChanges()
    {
        if (_untold.Count > 0)
        {
            string changes = string.Join(",", _untold.Select(change => $"[\"{change.Change}\",\"{change.User.Name}\"{(change.Change == "meta" ? MetaOf(change.User) : "")}]"));
            string frame = $$$"""{"type":"krmx/changes","payload":{"changes":[{{{changes}}}]}}""";
            foreach (ModelConnection connection in WithPresence.ToList())
                Send(connection, frame);
            Write(Counting.Where(session => !session.IsSuspended || _untold.Exists(change => change.Change == "meta" || change.User.Name != session.User.Name)), frame);
        }
        _untold.Clear();
        _hasLosses = false;
    }

    private void TellCount()
    {
        (_countDue, _lastCount) = (null, _now);
        foreach (ModelConnection connection in WithPresence.ToList())
            Send(connection, Count);
        Write(Counting, Count);
    }

    private void ForgetChanges()
    {
        _countDue = null;
        _untold.Clear();
        _hasLosses = false;
    }

    private static string Accepted(ModelAttempt attempt, string answer)
    {
        string extensions = (attempt.AsksPresence, attempt.Resume) switch
        {
            (false, null) => "",
            (true, null) => "\"presence\"",
            (false, _) => "\"resume\"",
            (true, _) => "\"presence\",\"resume\"",
        };
        if (answer.Length > 0)
            answer = "," + answer;
        return extensions.Length == 0
            ? """{"type":"krmx/accepted"}"""
            : $$$"""{"type":"krmx/accepted","payload":{"extensions":[{{{extensions}}}]{{{answer}}}}}""";
    }

    private void SendPicture(ModelConnection newcomer)
    {
        List<ModelUser> shown = [.. _users.Where(user => !setup.IsCounted || user.Connection == newcomer)];
        if (!newcomer.HasPresence)
        {
            foreach (ModelUser other in shown)
            {
                Send(newcomer, Told("joined", other.Name));
                if (other.Connection is not null)
                    Send(newcomer, Told("linked", other.Name));
            }
            return;
        }
        IEnumerable<string> users = shown.Select(u => $"[\"{u.Name}\",{(u.Connection is null ? "false" : "true")}{MetaOf(u)}]");
        Send(newcomer, $$$"""{"type":"krmx/users","payload":{"users":[{{{string.Join(",", users)}}}]}}""");
        if (setup.IsCounted)
            Send(newcomer, Count);
    }
}
