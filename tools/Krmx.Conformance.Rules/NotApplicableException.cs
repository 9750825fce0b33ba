namespace Krmx.Conformance;

/// <summary>A rule cannot be tried on this server.</summary>
/// <param name="need">What it needs there, such as "needs the application to kick".</param>
internal sealed class NotApplicableException(string need) : Exception(need);
