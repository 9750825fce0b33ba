namespace Krmx.Links;

/// <summary>Who to link as, and what proves it.</summary>
/// <param name="Username">The user.</param>
/// <param name="GetAuth">Asked for the proof at every link.</param>
internal sealed record Credentials(string Username, Func<CancellationToken, ValueTask<string?>> GetAuth);
