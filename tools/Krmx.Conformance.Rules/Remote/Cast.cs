namespace Krmx.Conformance.Remote;

/// <summary>The names of a rule's users on a server that may have users of its own: "alice" is "verify-1f0c9a-alice" there.</summary>
/// <remarks>Rules about names themselves use names that cannot be changed; those are claimed as they are.</remarks>
internal sealed class Cast
{
    private static readonly string[] Roles = ["alice", "bob", "carol", "dave", "erin", "guest", "simon", "Simon"];

    private readonly string _prefix = $"verify-{Random.Shared.Next(0x1000000):x6}-";
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);

    /// <summary>The name of a user who is there for the trial alone, and of whom rules hear nothing.</summary>
    public string Extra(string name) => _prefix + name;

    /// <summary>Whether a name is taken as it is, so that it may be the name of somebody else.</summary>
    public static bool IsLiteral(string name) => !Roles.Contains(name, StringComparer.Ordinal);

    /// <summary>Makes a name that is taken as it is one of the rule's.</summary>
    public void Claim(string name) => _claimed.Add(name);

    /// <summary>The user's name in the rule; null for a user who has nothing to do with it.</summary>
    public string? RoleOf(string username)
    {
        if (_claimed.Contains(username))
            return username;
        string name = FromServer(username);
        return name != username && !IsLiteral(name) ? name : null;
    }

    /// <summary>The user's name on the server.</summary>
    public string UsernameOf(string role) => IsLiteral(role) ? role : _prefix + role;

    /// <summary>A frame with the names of the rule, as the server is sent it.</summary>
    public string ToServer(string frame) =>
        Roles.Aggregate(frame, (text, role) => text.Replace($"\"{role}\"", $"\"{_prefix}{role}\"", StringComparison.Ordinal));

    /// <summary>A frame of the server, as the rule sees it.</summary>
    public string FromServer(string frame) => frame.Replace(_prefix, "", StringComparison.Ordinal);
}
