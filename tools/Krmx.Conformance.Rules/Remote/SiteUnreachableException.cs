namespace Krmx.Conformance.Remote;

/// <summary>A server cannot be tried, or cannot be tried any more; the message says why.</summary>
internal sealed class SiteUnreachableException(string why) : Exception(why);
