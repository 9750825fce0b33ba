namespace Krmx.Connections;

/// <summary>What a client sent too much of.</summary>
/// <param name="Reason">What its user is unlinked for.</param>
/// <param name="Code">What the client is told.</param>
/// <param name="Description">What it is told in words.</param>
internal sealed record ReadingExcess(UnlinkReason Reason, CloseCode Code, string Description);
