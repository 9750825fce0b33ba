namespace Krmx.Simulation;

// Who leaves unasked, in the model: each is looked for among all when it is needed.
public sealed partial class Model
{
    private int _absences;

    private bool IsFull => _users.Count >= setup.MaxUsers;

    /// <summary>Of those who were linked, are not, and whom no link is about: who was here for the shortest time, and of these who is away for the longest.</summary>
    private ModelUser? WhoCanBeMissed() => _users
        .Where(user => user.IsAway && !_attempts.Exists(attempt => attempt.User == user))
        .OrderBy(user => user.TimeLinked)
        .ThenBy(user => user.Absence)
        .FirstOrDefault();

    private void LeaveWhoTimedOut()
    {
        if (setup.UserTimeout == TimeSpan.Zero)
            return;
        foreach (ModelUser user in _users.Where(user => user.IsAway && user.AwaySince + setup.UserTimeout <= _now).OrderBy(user => user.Absence).ToList())
            Leave(user, SessionEndReason.Expired);
    }

    private void Tie(ModelUser user, ModelConnection connection)
    {
        user.Connection = connection;
        user.Changes.Add(_now);
    }

    private void Untie(ModelUser user)
    {
        user.Connection = null;
        user.Changes.Add(_now);
        user.Absence = ++_absences;
    }
}
