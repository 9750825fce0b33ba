namespace Krmx.State;

/// <summary>Reasons that are sent for more than one cause.</summary>
internal static class Refusals
{
    /// <summary>Code of the application threw; what it said may be a secret.</summary>
    public const string Failed = "the action failed";
}
