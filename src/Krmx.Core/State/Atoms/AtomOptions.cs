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

    /// <summary>How many characters all keys and values together may have. Default: 262,144. At least 0.</summary>
    /// <remarks>Every newcomer is sent all atoms at once, so stay well below what the host queues for one connection.</remarks>
    public int MaxCharacters { get; set; } = 256 * 1024;

    internal AtomOptions Copy() => (AtomOptions)MemberwiseClone();
}
