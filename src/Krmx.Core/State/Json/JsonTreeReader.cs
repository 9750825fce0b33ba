using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Krmx.State;

/// <summary>Reads one JSON text into a tree.</summary>
internal sealed class JsonTreeReader
{
    /// <summary>A power of two.</summary>
    private const int RecentNames = 64;

    private string?[]? _recentNames;

    public JsonTree Read(ReadOnlySpan<byte> utf8Json, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = maxDepth });
        reader.Read();
        JsonTree tree = ReadValue(ref reader);
        reader.Read(); // throws when something follows the value
        return tree;
    }

    private JsonTree ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadMembers(ref reader),
        JsonTokenType.StartArray => ReadItems(ref reader),
        JsonTokenType.String => new JsonScalar(JsonValueKind.String, reader.GetString()!),
        JsonTokenType.Number => new JsonScalar(JsonValueKind.Number, Encoding.ASCII.GetString(reader.ValueSpan)),
        JsonTokenType.True => JsonTree.Of(true),
        JsonTokenType.False => JsonTree.Of(false),
        _ => JsonTree.Null,
    };

    private JsonItems ReadItems(ref Utf8JsonReader reader)
    {
        ImmutableArray<JsonTree>.Builder items = ImmutableArray.CreateBuilder<JsonTree>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue(ref reader));
        return new JsonItems(items.DrainToImmutable());
    }

    private JsonMembers ReadMembers(ref Utf8JsonReader reader)
    {
        ImmutableArray<KeyValuePair<string, JsonTree>>.Builder members = ImmutableArray.CreateBuilder<KeyValuePair<string, JsonTree>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = ReadName(ref reader);
            reader.Read();
            members.Add(new(name, ReadValue(ref reader)));
        }
        return JsonMembers.Create(members.DrainToImmutable());
    }

    /// <summary>Objects of one state mostly have the same few names, so each becomes one string.</summary>
    private string ReadName(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        if (name.IsEmpty)
            return "";
        _recentNames ??= new string?[RecentNames];
        ref string? recent = ref _recentNames[((name[0] * 31) + (name[^1] * 7) + name.Length) & (RecentNames - 1)];
        return recent is not null && reader.ValueTextEquals(recent) ? recent : recent = reader.GetString()!;
    }
}
