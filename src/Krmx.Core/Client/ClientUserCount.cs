namespace Krmx.Client;

/// <summary>How many users a room has that tells no more of them. Protocol section 10.</summary>
/// <param name="Users">How many users there are, linked or not.</param>
/// <param name="Linked">How many of them are linked.</param>
public readonly record struct ClientUserCount(int Users, int Linked);
