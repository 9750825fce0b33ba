namespace Krmx;

/// <summary>A user as a client knows it.</summary>
public readonly record struct ClientUser
{
    /// <summary>Makes a user, for tests of applications.</summary>
    /// <param name="name">The username.</param>
    /// <param name="isLinked">Whether a connection is linked to the user.</param>
    public ClientUser(string name, bool isLinked)
    {
        Name = name;
        IsLinked = isLinked;
    }

    /// <summary>The username.</summary>
    public string Name { get; init; }

    /// <summary>Whether a connection is linked to the user.</summary>
    public bool IsLinked { get; init; }
}
