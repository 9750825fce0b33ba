namespace Krmx.State;

/// <summary>What a user has been sent.</summary>
/// <param name="View">The view.</param>
/// <param name="Tree">The same as JSON.</param>
internal sealed record ViewSnapshot(object? View, JsonTree Tree);
