using System.Net;
using System.Security.Claims;

namespace Krmx;

/// <summary>A link request to be decided: who wants to be whom, and what is known of its connection.</summary>
/// <param name="Room">The room it wants to link in.</param>
/// <param name="Username">The user it wants to be; a valid username.</param>
/// <param name="Auth">The text the client sent along to prove it may; null when it sent none.</param>
/// <param name="IsNewUser">Whether the link would create the user. A decision holds only as long as this does.</param>
/// <param name="Version">The protocol version the client speaks.</param>
/// <param name="Connection">What the host knows of the connection.</param>
public sealed record KrmxLinkContext(
    KrmxRoom Room, string Username, string? Auth, bool IsNewUser, ProtocolVersion Version, KrmxConnectionInfo Connection);

/// <summary>The facts of the HTTP request a connection began with, copied: plain data that outlives the request.</summary>
/// <param name="Principal">Who the host's own authentication found; anonymous where there is none.</param>
/// <param name="Headers">The request's headers; names in any case, several values joined by commas.</param>
/// <param name="Query">The request's query; names in any case, several values joined by commas.</param>
/// <param name="RemoteAddress">Where the connection comes from; null where the transport has no addresses.</param>
public sealed record KrmxConnectionInfo(
    ClaimsPrincipal Principal,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Query,
    IPAddress? RemoteAddress);
