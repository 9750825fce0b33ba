namespace Krmx.Testing;

/// <summary>What a <see cref="ProjectionCheck"/> played.</summary>
/// <param name="Accepted">How many actions were accepted.</param>
/// <param name="Refused">How many actions were refused, by the client or by the server.</param>
/// <param name="Frames">How many frames were searched.</param>
public sealed record ProjectionCheckResult(int Accepted, int Refused, int Frames);
