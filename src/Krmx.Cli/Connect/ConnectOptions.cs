namespace Krmx.Cli.Connect;

/// <summary>Whom to connect as, and where.</summary>
/// <param name="Uri">The server.</param>
/// <param name="Username">The user.</param>
/// <param name="Auth">What proves it; null for nothing.</param>
/// <param name="Leaves">Whether the user leaves at the end, instead of staying unlinked.</param>
internal sealed record ConnectOptions(Uri Uri, string Username, string? Auth, bool Leaves);
