namespace Krmx.State;

/// <summary>Numbers items, so that those that are the same thing have the same number.</summary>
internal sealed class ItemIdentities(Func<JsonTree, string?> keyOf)
{
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonTree, int> _byValue = [];

    /// <summary>How many numbers were given.</summary>
    public int Count => _byKey.Count + _byValue.Count;

    public int[] Of(ReadOnlySpan<JsonTree> items)
    {
        int[] ids = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
            ids[i] = keyOf(items[i]) is string key ? Number(_byKey, key) : Number(_byValue, items[i]);
        return ids;
    }

    private int Number<T>(Dictionary<T, int> known, T identity)
        where T : notnull
    {
        int next = Count;
        return known.TryAdd(identity, next) ? next : known[identity];
    }
}
