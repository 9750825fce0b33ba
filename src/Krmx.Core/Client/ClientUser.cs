namespace Krmx;

/// <summary>A user as a client knows it.</summary>
public readonly record struct ClientUser
{
    /// <summary>Makes a user, for tests of applications.</summary>
    /// <param name="name">The username.</param>
    /// <param name="isLinked">Whether a connection is linked to the user.</param>
    /// <param name="meta">What everybody may know of the user beside its name.</param>
    public ClientUser(string name, bool isLinked, KrmxMeta? meta = null)
    {
        Name = name;
        IsLinked = isLinked;
        Meta = meta;
    }

    /// <summary>The username.</summary>
    public string Name { get; init; }

    /// <summary>Whether a connection is linked to the user.</summary>
    public bool IsLinked { get; init; }

    /// <summary>What everybody may know of the user beside its name; null where that is nothing, or the server does not tell. Protocol section 10.</summary>
    public KrmxMeta? Meta { get; init; }
}
