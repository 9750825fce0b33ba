using System.Collections.Immutable;
using System.Text.Json;

namespace Krmx.State;

/// <summary>An object.</summary>
internal sealed class JsonMembers : JsonTree
{
    /// <summary>Up to so many members are found faster by looking at each.</summary>
    private const int SmallCount = 8;

    private readonly ImmutableArray<KeyValuePair<string, JsonTree>> _members;
    private Dictionary<string, int>? _index; // made when needed; two threads may make the same one

    private JsonMembers(ImmutableArray<KeyValuePair<string, JsonTree>> members, Dictionary<string, int>? index)
        : base(HashOf(members), SizeOf(members), DepthOf(members))
    {
        _members = members;
        _index = index;
    }

    public override JsonValueKind Kind => JsonValueKind.Object;

    public override ImmutableArray<KeyValuePair<string, JsonTree>> Members => _members;

    public override JsonTree? this[string name] => IndexOf(name) is int index and >= 0 ? _members[index].Value : null;

    /// <summary>Makes an object of members whose names may repeat.</summary>
    public static JsonMembers Create(ImmutableArray<KeyValuePair<string, JsonTree>> members)
    {
        if (members.Length <= SmallCount)
        {
            for (int i = 1; i < members.Length; i++)
            {
                if (Scan(members.AsSpan()[..i], members[i].Key) >= 0)
                    return new JsonMembers(LastOfEach(members), index: null);
            }
            return new JsonMembers(members, index: null);
        }
        Dictionary<string, int> index = IndexOf(members);
        return index.Count == members.Length ? new JsonMembers(members, index) : new JsonMembers(LastOfEach(members), index: null);
    }

    /// <summary>Makes an object of members whose names are known to be different.</summary>
    public static JsonMembers OfDistinct(ImmutableArray<KeyValuePair<string, JsonTree>> members) => new(members, index: null);

    /// <summary>Finds a member that probably is where it was in a similar object.</summary>
    public JsonTree? Find(string name, int expectedIndex) =>
        expectedIndex < _members.Length && _members[expectedIndex].Key == name ? _members[expectedIndex].Value : this[name];

    /// <summary>Where the member of that name is, or -1.</summary>
    public int IndexOf(string name)
    {
        if (_members.Length <= SmallCount)
            return Scan(_members.AsSpan(), name);
        return (_index ??= IndexOf(_members)).TryGetValue(name, out int index) ? index : -1;
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (KeyValuePair<string, JsonTree> member in _members)
        {
            writer.WritePropertyName(member.Key);
            member.Value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private protected override bool HasEqualContent(JsonTree other)
    {
        if (other is not JsonMembers that || _members.Length != that._members.Length)
            return false;
        for (int i = 0; i < _members.Length; i++)
        {
            if (!_members[i].Value.Equals(that.Find(_members[i].Key, i)))
                return false;
        }
        return true;
    }

    private static int Scan(ReadOnlySpan<KeyValuePair<string, JsonTree>> members, string name)
    {
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Key == name)
                return i;
        }
        return -1;
    }

    private static Dictionary<string, int> IndexOf(ImmutableArray<KeyValuePair<string, JsonTree>> members)
    {
        var index = new Dictionary<string, int>(members.Length, StringComparer.Ordinal);
        for (int i = 0; i < members.Length; i++)
            index[members[i].Key] = i;
        return index;
    }

    private static ImmutableArray<KeyValuePair<string, JsonTree>> LastOfEach(ImmutableArray<KeyValuePair<string, JsonTree>> members)
    {
        Dictionary<string, int> last = IndexOf(members);
        return [.. members.Where((member, i) => last[member.Key] == i)];
    }

    private static int HashOf(ImmutableArray<KeyValuePair<string, JsonTree>> members)
    {
        int hash = 0;
        foreach (KeyValuePair<string, JsonTree> member in members)
            hash = unchecked(hash + HashCode.Combine(member.Key, member.Value.GetHashCode())); // a sum, as the order does not count
        return HashCode.Combine(JsonValueKind.Object, hash);
    }

    private static long SizeOf(ImmutableArray<KeyValuePair<string, JsonTree>> members)
    {
        long size = Math.Max(2, members.Length + 1);
        foreach (KeyValuePair<string, JsonTree> member in members)
            size += member.Key.Length + 3L + member.Value.Size;
        return size;
    }

    private static int DepthOf(ImmutableArray<KeyValuePair<string, JsonTree>> members)
    {
        int depth = 0;
        foreach (KeyValuePair<string, JsonTree> member in members)
            depth = Math.Max(depth, member.Value.Depth);
        return depth + 1;
    }
}
