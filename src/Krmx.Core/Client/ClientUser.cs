namespace Krmx;

/// <summary>A user as a client knows it.</summary>
/// <param name="Name">The username.</param>
/// <param name="IsLinked">Whether a connection is linked to the user.</param>
public readonly record struct ClientUser(string Name, bool IsLinked);
