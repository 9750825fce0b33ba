namespace Krmx.State;

/// <summary>How values are compared; readers of the delta need not know it.</summary>
/// <remarks>A projection copies them when it is attached.</remarks>
public sealed class JsonDeltaOptions
{
    /// <summary>
    /// What makes two different items of an array the same thing, so that a change to one is sent as a change; null where nothing does.
    /// </summary>
    /// <remarks>
    /// Default: the member "id" of an object, if it is a string or a number. Equal items are the same thing in any case, and items without
    /// a key that change in their place are compared with each other. Called from the thread that diffs; must be pure.
    /// </remarks>
    public Func<JsonTree, string?> KeyOf { get; set; } = static item => item["id"]?.Text;

    /// <summary>Whether deltas leave out what a value was before, and have 0 in its place. Default: false.</summary>
    /// <remarks>
    /// Makes deltas smaller. They can be applied by every reader of the format, jsondiffpatch included, but cannot be reversed or shown as
    /// a comparison by it.
    /// </remarks>
    public bool OmitsOldValues { get; set; }

    internal JsonDeltaOptions Copy() => (JsonDeltaOptions)MemberwiseClone();
}
