using System.Globalization;

namespace Krmx;

/// <summary>A protocol version: <c>major.minor.patch</c> (protocol section 6).</summary>
/// <remarks>It is that of a client's package, so it may be a pre-release, such as <c>0.6.11-beta.1</c>: what says so is read and not kept.</remarks>
/// <param name="Major">The major number; at least 0.</param>
/// <param name="Minor">The minor number; at least 0.</param>
/// <param name="Patch">The patch number; at least 0. Versions that differ in it alone speak the same wire.</param>
public readonly record struct ProtocolVersion(int Major, int Minor, int Patch = 0)
{
    /// <summary>The version this library speaks.</summary>
    public static ProtocolVersion Current { get; } = new(0, 6);

    /// <summary>The lines this library speaks, newest first: 0.6, 0.5 and 0.4 share their wire.</summary>
    public static IReadOnlyList<ProtocolVersion> Supported { get; } = [Current, new(0, 5), new(0, 4)];

    /// <summary>Whether two versions speak the same wire: equal in major and minor.</summary>
    public bool IsSameLine(ProtocolVersion other) => Major == other.Major && Minor == other.Minor;

    /// <summary>Reads a version; each part is a number of at most nine digits, without sign or leading zeros.</summary>
    /// <remarks>
    /// Behind the patch there may be a pre-release, a dash and identifiers with dots between them, and then a build, a plus and the same. An
    /// identifier is made of the letters A–Z and a–z, digits and dashes.
    /// </remarks>
    public static bool TryParse(string? text, out ProtocolVersion version)
    {
        version = default;
        if (text is null || !TryTakeSuffix(ref text, '+') || !TryTakeSuffix(ref text, '-'))
            return false;
        string[] parts = text.Split('.');
        if (parts.Length != 3 ||
            !TryParsePart(parts[0], out int major) || !TryParsePart(parts[1], out int minor) || !TryParsePart(parts[2], out int patch))
            return false;
        version = new ProtocolVersion(major, minor, patch);
        return true;
    }

    /// <summary>The version as it stands on the wire.</summary>
    public override string ToString() => FormattableString.Invariant($"{Major}.{Minor}.{Patch}");

    /// <summary>Takes identifiers off the end of a text, where the mark before them is there.</summary>
    /// <returns>Whether there are none, or they are identifiers.</returns>
    private static bool TryTakeSuffix(ref string text, char mark)
    {
        int start = text.IndexOf(mark);
        if (start < 0)
            return true;
        string[] identifiers = text[(start + 1)..].Split('.');
        text = text[..start];
        return Array.TrueForAll(identifiers, static identifier => identifier.Length > 0 && identifier.All(IsIdentifierCharacter));
    }

    private static bool IsIdentifierCharacter(char character) =>
        character is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';

    private static bool TryParsePart(string part, out int number)
    {
        number = 0;
        return part.Length is > 0 and <= 9 && (part.Length == 1 || part[0] != '0') &&
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
