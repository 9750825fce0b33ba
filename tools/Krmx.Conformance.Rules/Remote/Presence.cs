namespace Krmx.Conformance.Remote;

/// <summary>A frame that tells of a user's change.</summary>
/// <param name="Change">"joined", "linked", "unlinked" or "left".</param>
/// <param name="Username">The user.</param>
internal readonly record struct Presence(string Change, string Username)
{
    /// <summary>Reads a frame.</summary>
    /// <param name="described">The frame, as <see cref="Harness.Wire.Describe"/> has it.</param>
    /// <param name="presence">What it tells, where the answer is true.</param>
    public static bool TryRead(string described, out Presence presence)
    {
        int space = described.IndexOf(' ', StringComparison.Ordinal);
        presence = space < 0 ? default : new Presence(described[..space], described[(space + 1)..]);
        return presence.Change is "joined" or "linked" or "unlinked" or "left";
    }
}
