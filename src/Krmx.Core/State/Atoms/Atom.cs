using System.Globalization;
using System.Text.Json;

namespace Krmx.State;

/// <summary>The value of an atom: a text, a number or a truth (protocol section 9).</summary>
/// <remarks>Made by assigning one of these: <c>atoms.Set("round", 3)</c>. Numbers keep the digits they came with.</remarks>
public readonly struct Atom : IEquatable<Atom>
{
    /// <summary>What a message says that is no atom.</summary>
    internal const string ShapeProblem = "An atom has a key, and is a text, a number, true or false.";

    private readonly JsonTree? _value;

    private Atom(JsonTree value) => _value = value;

    /// <summary>The text, or null where the atom is none.</summary>
    public string? Text => Value.Kind == JsonValueKind.String ? Value.Text : null;

    /// <summary>The number, or null where the atom is none.</summary>
    public double? Number => Value.Kind == JsonValueKind.Number ? double.Parse(Value.Text!, CultureInfo.InvariantCulture) : null;

    /// <summary>True or false, or null where the atom is neither.</summary>
    public bool? Truth => Value.Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The atom as JSON.</summary>
    internal JsonTree Value => _value ?? JsonTree.Of("");

    /// <summary>A text as an atom.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public static implicit operator Atom(string text) => new(JsonTree.Of(text));

    /// <summary>A number as an atom.</summary>
    public static implicit operator Atom(long number) => new(JsonTree.Of(number));

    /// <summary>A number as an atom.</summary>
    /// <exception cref="ArgumentException">The number is infinite or none, which JSON cannot say.</exception>
    public static implicit operator Atom(double number) => double.IsNaN(number) || double.IsInfinity(number)
        ? throw new ArgumentException("JSON has no infinite numbers, and none that is no number.", nameof(number))
        : new(new JsonScalar(JsonValueKind.Number, number.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>True or false as an atom.</summary>
    public static implicit operator Atom(bool truth) => new(JsonTree.Of(truth));

    /// <summary>Whether both atoms are the same.</summary>
    public static bool operator ==(Atom left, Atom right) => left.Equals(right);

    /// <summary>Whether the atoms differ.</summary>
    public static bool operator !=(Atom left, Atom right) => !left.Equals(right);

    /// <summary>A text as an atom.</summary>
    public static Atom FromString(string text) => text;

    /// <summary>A number as an atom.</summary>
    public static Atom FromInt64(long number) => number;

    /// <summary>A number as an atom.</summary>
    public static Atom FromDouble(double number) => number;

    /// <summary>True or false as an atom.</summary>
    public static Atom FromBoolean(bool truth) => truth;

    /// <inheritdoc/>
    public bool Equals(Atom other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Atom other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>The atom as JSON text.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Reads an atom.</summary>
    /// <returns>Whether the JSON text is a text, a number, true or false.</returns>
    internal static bool TryRead(ReadOnlyMemory<byte> json, out Atom atom)
    {
        atom = default;
        if (json.IsEmpty || !JsonTree.TryParse(json.Span, out JsonTree? value))
            return false;
        atom = new Atom(value);
        return value.Kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
    }
}
