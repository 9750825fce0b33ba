namespace Krmx.Conformance.Remote;

/// <summary>A server cannot be tried, or cannot be tried any more; the message is a phrase that says why.</summary>
internal sealed class SiteUnreachableException(string why, Exception? inner = null) : Exception(why, inner);
