namespace Krmx.Simulation;

// Who is told of users in the model: the classic clients one by one, and the others by lists.
public sealed partial class Model
{
    private readonly List<string> _untold = [];
    private bool _hasLosses;
    private TimeSpan _untoldSince;

    /// <summary>Whether there are changes of users that not everybody has been told.</summary>
    public bool HasUntold => _untold.Count > 0;

    public void EndTurn()
    {
        if (HasUntold && _untoldSince + setup.PresenceInterval <= _now)
            TellChanges();
    }

    private IEnumerable<ModelConnection> WithPresence =>
        _users.Where(u => u.Connection is { HasPresence: true }).Select(u => u.Connection!);

    private IEnumerable<ModelConnection> Classic =>
        _users.Where(u => u.Connection is { HasPresence: false }).Select(u => u.Connection!);

    private void Note(string change, string name)
    {
        if (!WithPresence.Any())
        {
            ForgetChanges();
            return;
        }
        if (!HasUntold)
            _untoldSince = _now;
        _untold.Add($"[\"{change}\",\"{name}\"]");
        _hasLosses |= change is "unlinked" or "left";
    }

    private void TellChanges()
    {
        if (HasUntold)
        {
            foreach (ModelConnection connection in WithPresence.ToList())
                Send(connection, $$$"""{"type":"krmx/changes","payload":{"changes":[{{{string.Join(",", _untold)}}}]}}""");
        }
        ForgetChanges();
    }

    private void ForgetChanges()
    {
        _untold.Clear();
        _hasLosses = false;
    }

    private void SendPicture(ModelConnection newcomer)
    {
        if (!newcomer.HasPresence)
        {
            Send(newcomer, """{"type":"krmx/accepted"}""");
            foreach (ModelUser other in _users)
            {
                Send(newcomer, Told("joined", other.Name));
                if (other.Connection is not null)
                    Send(newcomer, Told("linked", other.Name));
            }
            return;
        }
        Send(newcomer, """{"type":"krmx/accepted","payload":{"extensions":["presence"]}}""");
        IEnumerable<string> users = _users.Select(u => $"[\"{u.Name}\",{(u.Connection is null ? "false" : "true")}]");
        Send(newcomer, $$$"""{"type":"krmx/users","payload":{"users":[{{{string.Join(",", users)}}}]}}""");
    }
}
