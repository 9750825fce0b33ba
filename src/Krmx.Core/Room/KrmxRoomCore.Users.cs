using Krmx.Rooms;

namespace Krmx;

// Who leaves unasked: somebody who can be missed where the room is full, and whoever is away for too long (protocol section 4).
public partial class KrmxRoomCore
{
    /// <summary>How many users there are.</summary>
    internal int UserCount => _roster.Count;

    private bool HasPlace => _roster.Count < _options.Users.Max || _roster.Away.LeastUsed is not null;

    private TimeSpan? NextTimeout =>
        _options.Users.Timeout > TimeSpan.Zero && _roster.Away.LongestAway is KrmxUser user ? user.Since + _options.Users.Timeout : null;

    private void MakePlace()
    {
        if (_roster.Count >= _options.Users.Max)
            LeaveUser(_roster.Away.LeastUsed!, SessionEndReason.Expired);
    }

    private void LetGoWhoTimedOut()
    {
        while (NextTimeout <= _now)
            LeaveUser(_roster.Away.LongestAway!, SessionEndReason.Expired);
    }
}
