namespace Krmx.Simulation;

// Who is told of users in the model: the classic clients one by one, and the others by lists.
public sealed partial class Model
{
    private readonly List<(string Change, string Name)> _untold = [];
    private bool _hasLosses;
    private TimeSpan _untoldSince;

    /// <summary>Whether there are changes of users that not everybody has been told.</summary>
    public bool HasUntold => _untold.Count > 0;

    public void EndTurn()
    {
        do
        {
            if (HasUntold && _untoldSince + setup.PresenceInterval <= _now)
                TellChanges();
        }
        while (EndOverflowed());
    }

    private IEnumerable<ModelConnection> WithPresence =>
        _users.Where(u => u.Connection is { HasPresence: true }).Select(u => u.Connection!);

    private IEnumerable<ModelConnection> Classic =>
        _users.Where(u => u.Connection is { HasPresence: false }).Select(u => u.Connection!);

    private void Note(string change, string name)
    {
        if (!WithPresence.Any() && !Counting.Any())
        {
            ForgetChanges();
            return;
        }
        if (!HasUntold)
            _untoldSince = _now;
        _untold.Add((change, name));
        _hasLosses |= change is "unlinked" or "left";
    }

    private void TellChanges()
    {
        if (HasUntold)
        {
            string changes = string.Join(",", _untold.Select(change => $"[\"{change.Change}\",\"{change.Name}\"]"));
            string frame = $$$"""{"type":"krmx/changes","payload":{"changes":[{{{changes}}}]}}""";
            foreach (ModelConnection connection in WithPresence.ToList())
                Send(connection, frame);
            Write(Counting.Where(session => !session.IsSuspended || _untold.Exists(change => change.Name != session.User.Name)), frame);
        }
        ForgetChanges();
    }

    private void ForgetChanges()
    {
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
        if (!newcomer.HasPresence)
        {
            foreach (ModelUser other in _users)
            {
                Send(newcomer, Told("joined", other.Name));
                if (other.Connection is not null)
                    Send(newcomer, Told("linked", other.Name));
            }
            return;
        }
        IEnumerable<string> users = _users.Select(u => $"[\"{u.Name}\",{(u.Connection is null ? "false" : "true")}]");
        Send(newcomer, $$$"""{"type":"krmx/users","payload":{"users":[{{{string.Join(",", users)}}}]}}""");
    }
}
