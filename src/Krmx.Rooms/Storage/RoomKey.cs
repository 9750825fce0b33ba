using System.Text;

namespace Krmx.Storage;

/// <summary>What a stored room is known by: no two of a store have the same.</summary>
/// <param name="Route">The route's pattern.</param>
/// <param name="Name">The room's name; empty where the route has one room.</param>
public readonly record struct RoomKey(string Route, string Name)
{
    /// <summary>How many bytes a route or a name may have in UTF-8; indexes of databases keep no longer ones.</summary>
    public const int MaxBytes = 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Throws where stores refuse such a room: databases keep no text with a zero in it, and none that is no Unicode.</summary>
    /// <exception cref="ArgumentException">The route or the name is too long, or has a zero or half of a surrogate pair.</exception>
    public void EnsureStorable()
    {
        EnsureStorable(Route, "route");
        EnsureStorable(Name, "name");
    }

    /// <summary>The pattern, and the name where there is one.</summary>
    public override string ToString() => Name.Length == 0 ? Route : $"{Route} {Name}";

    private static void EnsureStorable(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text, what);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The {what} of a stored room must not contain the character U+0000.", what);
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"The {what} of a stored room must be Unicode; half of a surrogate pair stands at {error.Index}.", what, error);
        }
        if (bytes > MaxBytes)
            throw new ArgumentException($"The {what} of a stored room may have {MaxBytes} bytes in UTF-8; this one has {bytes}.", what);
    }
}
