namespace Krmx.Rooms;

/// <summary>What a client asks with <c>krmx/link</c>, once all that needs no authentication has been checked.</summary>
/// <param name="Connection">The connection that asks.</param>
/// <param name="Username">The user it wants to be.</param>
/// <param name="Auth">The text the client sent along to prove it may; null when it sent none.</param>
/// <param name="IsNewUser">Whether the link would create the user.</param>
/// <param name="Version">The protocol version the client speaks.</param>
public sealed record LinkRequest(ConnectionId Connection, string Username, string? Auth, bool IsNewUser, ProtocolVersion Version);
