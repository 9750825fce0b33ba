namespace Krmx;

/// <summary>A connection that an endpoint refused.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Connection">Who it was.</param>
public sealed record KrmxRefusal(RefusalReason Reason, KrmxConnectionInfo Connection);
