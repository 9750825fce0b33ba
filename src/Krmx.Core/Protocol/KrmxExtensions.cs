namespace Krmx.Protocol;

/// <summary>What a client may ask for beyond the protocol's first version (protocol section 10).</summary>
[Flags]
internal enum KrmxExtensions
{
    None = 0,

    /// <summary>Who is here in a few frames, and changes in one frame for a turn.</summary>
    Presence = 1,

    /// <summary>Going on where the link left off when its connection is lost; implies <see cref="Presence"/>.</summary>
    Resume = 2,
}
