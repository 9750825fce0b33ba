using System.Text.Json;

namespace Krmx.State;

/// <summary>A value without parts: null, true, false, a number or a string.</summary>
internal sealed class JsonScalar(JsonValueKind kind, string text)
    : JsonTree(HashCode.Combine(kind, text), text.Length + (kind == JsonValueKind.String ? 2L : 0L), depth: 0)
{
    public override JsonValueKind Kind => kind;

    public override string? Text => kind is JsonValueKind.String or JsonValueKind.Number ? text : null;

    public override void WriteTo(Utf8JsonWriter writer)
    {
        if (kind == JsonValueKind.String)
            writer.WriteStringValue(text);
        else
            writer.WriteRawValue(text, skipInputValidation: true);
    }

    private protected override bool HasEqualContent(JsonTree other) => kind == other.Kind && Text == other.Text;
}
