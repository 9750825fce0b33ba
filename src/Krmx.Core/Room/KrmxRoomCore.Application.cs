using System.Text.Json;
using Krmx.Rooms;

namespace Krmx;

// What the application does (protocol section 4, "Application calls"): a refused call throws and changes nothing.
public partial class KrmxRoomCore
{
    private string StatusText => Status.ToString().ToLowerInvariant();

    /// <summary>Whether there is a user of that name; names are compared letter for letter.</summary>
    public bool HasUser(string username) => FindUser(username) is not null;

    /// <summary>Finds a user by name.</summary>
    /// <returns>The user, or null when there is none; names are compared letter for letter.</returns>
    public KrmxUser? FindUser(string username)
    {
        VerifyUse();
        return _roster.Find(username);
    }

    /// <summary>Adds a user without a connection: a seat that somebody may link to later.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="KrmxException">
    /// The room is not open, the name is no username, there is such a user, or the room is full and nobody can be let go.
    /// </exception>
    public KrmxUser Join(string username)
    {
        DemandOpen("join a user");
        Demand(username is not null && IsUsername(username), "join a user", $"'{username}' is not a valid username");
        Demand(!HasUser(username!), "join a user", $"user {username} exists already");
        Demand(HasPlace, "join a user", Reasons.TooManyUsers);
        using Scope scope = Enter();
        return JoinUser(username!);
    }

    /// <summary>Ends a user's tie to its connection; both stay.</summary>
    /// <exception cref="KrmxException">The room is not open, or the user does not exist or is not linked.</exception>
    public void Unlink(string username)
    {
        KrmxUser user = Existing(username, "unlink a user");
        Demand(user.IsLinked, "unlink a user", $"user {username} is not linked");
        using Scope scope = Enter();
        UnlinkUser(user, UnlinkReason.Application);
    }

    /// <summary>Removes a user, linked or not; the connection stays open and may link again.</summary>
    /// <exception cref="KrmxException">The room is not open, or the user does not exist.</exception>
    public void Kick(string username)
    {
        KrmxUser user = Existing(username, "kick a user");
        using Scope scope = Enter();
        LeaveUser(user);
    }

    /// <summary>Sets what everybody may know of a user; for <see cref="KrmxUser.SetMeta(KrmxMeta?)"/>.</summary>
    internal void SetMeta(KrmxUser user, KrmxMeta? meta)
    {
        DemandOpen("set the metadata of a user");
        Demand(_roster.Find(user.Name) == user, "set the metadata of a user", $"user {user.Name} has left");
        using Scope scope = Enter();
        ChangeMeta(user, meta);
    }

    /// <summary>
    /// Called first by every member of the application's; a room with threads throws here when the caller is not in one of its turns.
    /// </summary>
    protected virtual void VerifyTurn()
    {
    }

    /// <summary>How payloads are read and written.</summary>
    internal JsonSerializerOptions Json => _options.Json;

    /// <summary>Demands a turn, except of a room that is being set up and so has none yet.</summary>
    internal void VerifyUse()
    {
        if (Status != RoomStatus.Initializing)
            VerifyTurn();
    }

    /// <summary>Whether users can be sent something.</summary>
    internal bool IsOpen => Status == RoomStatus.Open;

    /// <summary>Reports a message of a user that was not understood.</summary>
    internal void ReportRefused(string username, string messageType, Exception error) =>
        _diagnostics.PayloadRefused(username, messageType, error);

    /// <summary>Reports what the application's own code threw.</summary>
    internal void ReportFailed(string what, Exception error) => _diagnostics.ListenerFailed(what, error);

    private static void Demand(bool condition, string what, string why)
    {
        if (!condition)
            throw new KrmxException($"cannot {what}: {why}");
    }

    private void DemandOpen(string what)
    {
        VerifyTurn();
        Demand(Status is RoomStatus.Opening or RoomStatus.Open, what, $"the room is {StatusText}");
    }

    private KrmxUser Existing(string username, string what)
    {
        DemandOpen(what);
        KrmxUser? user = _roster.Find(username);
        if (user is null)
            throw new KrmxException($"cannot {what} that does not exist: '{username}'");
        return user;
    }
}
