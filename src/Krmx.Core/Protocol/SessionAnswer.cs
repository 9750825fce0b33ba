namespace Krmx.Protocol;

/// <summary>What <c>krmx/accepted</c> says of the link's session (protocol section 10).</summary>
/// <param name="Session">Its number; null where the link has none.</param>
/// <param name="IsRecovered">Whether it is the one that the link named, and goes on.</param>
/// <param name="Received">How much of what the client sent in the one that the link named was handled; null where that is not known.</param>
internal readonly record struct SessionAnswer(long? Session, bool IsRecovered, long? Received);
