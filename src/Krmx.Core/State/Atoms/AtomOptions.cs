namespace Krmx.State;

/// <summary>What a server's atoms allow.</summary>
/// <remarks>Copied when the atoms are attached.</remarks>
public sealed class AtomOptions
{
    /// <summary>Whether all atoms go when the last user has left. Default: false.</summary>
    public bool ClearsWhenEmpty { get; set; }

    /// <summary>
    /// Whether a key such as <c>alice/colour</c> can be set by the user <c>alice</c> alone, and by the server. Default: false.
    /// </summary>
    /// <remarks>What comes before the first slash is the user's name. Keys without a slash are everybody's.</remarks>
    public bool HasStrictPrefixes { get; set; }

    /// <summary>How many bytes the messages that tell a newcomer of all atoms may have; what goes beyond is refused. Default: 262,144. At least 0.</summary>
    /// <remarks>Counted as they are sent: JSON in UTF-8, escapes, keys and the message around them included. An atom has at least 49.</remarks>
    public int MaxBytes { get; set; } = 256 * 1024;

    internal AtomOptions Copy() => (AtomOptions)MemberwiseClone();
}
