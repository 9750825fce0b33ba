using System.Text.Json;

namespace Krmx.Conformance.Remote;

/// <summary>Reads members of objects that rules and servers send, which may be anything.</summary>
internal static class Members
{
    public static bool TryGetText(JsonElement value, string name, out string text)
    {
        text = "";
        if (!TryGet(value, name, JsonValueKind.String, out JsonElement member))
            return false;
        try
        {
            text = member.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }

    /// <summary>Reads a whole number from 0.</summary>
    public static bool TryGetCount(JsonElement value, string name, out long count)
    {
        count = 0;
        return TryGet(value, name, JsonValueKind.Number, out JsonElement member) && member.TryGetInt64(out count) && count >= 0;
    }

    public static bool IsTrue(JsonElement value, string name) => TryGet(value, name, JsonValueKind.True, out _);

    private static bool TryGet(JsonElement value, string name, JsonValueKind kind, out JsonElement member)
    {
        member = default;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out member) && member.ValueKind == kind;
    }
}
