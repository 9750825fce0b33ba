using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Krmx.Rooms;
using Krmx.State;

namespace Krmx.StateBench;

/// <summary>The views of all users, made from nothing but the frames they were sent.</summary>
internal sealed class Seats
{
    private readonly SortedDictionary<long, JsonTree> _views = [];

    public void Receive(ConnectionId connection, ReadOnlyMemory<byte> frame)
    {
        using var json = JsonDocument.Parse(frame);
        string type = json.RootElement.GetProperty("type").GetString()!;
        if (type == "projection/set")
            _views.Add(connection.Number, Part(json, "projection"));
        else if (type == "projection/delta")
            _views[connection.Number] = JsonDelta.Apply(_views[connection.Number], Part(json, "delta"));
    }

    /// <summary>A digest of what all users see, whatever the order of members.</summary>
    public string Digest()
    {
        var text = new StringBuilder();
        foreach (JsonTree view in _views.Values)
            Write(view, text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static JsonTree Part(JsonDocument json, string name) =>
        JsonTree.Parse(Encoding.UTF8.GetBytes(json.RootElement.GetProperty("payload").GetProperty(name).GetRawText()));

    private static void Write(JsonTree value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach ((string name, JsonTree member) in value.Members.OrderBy(static member => member.Key, StringComparer.Ordinal))
                {
                    text.Append(name).Append(':');
                    Write(member, text);
                    text.Append(';');
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (JsonTree item in value.Items)
                {
                    Write(item, text);
                    text.Append(';');
                }
                text.Append(']');
                break;
            default:
                text.Append(value.ToString());
                break;
        }
    }
}
