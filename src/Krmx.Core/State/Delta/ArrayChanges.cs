using System.Collections.Immutable;
using System.Text.Json;

namespace Krmx.State;

/// <summary>The delta of an array, taken apart: what goes, what comes and what changes in place.</summary>
internal sealed class ArrayChanges
{
    private readonly ImmutableArray<JsonTree> _old;
    private readonly bool[] _leaves;
    private readonly List<(int Index, JsonTree Item)> _arrivals = [];
    private readonly List<(string Name, int Index, JsonTree Change)> _inPlace = [];
    private readonly Func<string, Exception> _refuse;
    private int _leaving;

    /// <param name="old">The array as it is.</param>
    /// <param name="delta">What to do to it.</param>
    /// <param name="refuse">Makes the exception for a delta that is malformed or does not fit.</param>
    public ArrayChanges(ImmutableArray<JsonTree> old, JsonMembers delta, Func<string, Exception> refuse)
    {
        _old = old;
        _refuse = refuse;
        _leaves = new bool[old.Length];
        foreach ((string name, JsonTree change) in delta.Members)
        {
            if (name == DeltaFormat.TypeName)
                continue;
            bool isOld = name.StartsWith('_');
            if (!DeltaFormat.TryReadIndex(name.AsSpan(isOld ? 1 : 0), out int index))
                throw refuse($"'{name}' is no index");
            if (isOld)
                TakeOut(index, change);
            else if (change is JsonItems { Items: [JsonTree added] })
                _arrivals.Add((index, added));
            else
                _inPlace.Add((name, index, change));
        }
        int length = old.Length - _leaving + _arrivals.Count;
        foreach ((string name, int index, _) in _inPlace)
        {
            if (index >= length)
                throw refuse($"there is no item at '{name}'");
        }
    }

    /// <summary>The changes to items that stay or moved, by their new index.</summary>
    public IReadOnlyList<(string Name, int Index, JsonTree Change)> InPlace => _inPlace;

    /// <summary>The items in their new order, before the changes in place.</summary>
    public JsonTree[] Rearrange()
    {
        var items = new JsonTree[_old.Length - _leaving + _arrivals.Count];
        foreach ((int index, JsonTree item) in _arrivals)
        {
            if (index >= items.Length || items[index] is not null)
                throw _refuse($"no item can be put at {index}");
            items[index] = item;
        }
        int next = 0;
        for (int i = 0; i < _old.Length; i++)
        {
            if (_leaves[i])
                continue;
            while (items[next] is not null)
                next++;
            items[next] = _old[i];
        }
        return items;
    }

    private void TakeOut(int index, JsonTree change)
    {
        if (index >= _old.Length)
            throw _refuse($"there is no item at '_{index}'");
        if (change is not JsonItems { Items: [_, JsonTree target, { Kind: JsonValueKind.Number, Text: string code }] })
            throw _refuse($"'_{index}' neither removes nor moves");
        _leaves[index] = true; // each index once: the names of an object are all different
        _leaving++;
        if (code == DeltaFormat.DeletedCode)
            return;
        if (code != DeltaFormat.MovedCode || target.Kind != JsonValueKind.Number || !DeltaFormat.TryReadIndex(target.Text, out int to))
            throw _refuse($"'_{index}' neither removes nor moves");
        _arrivals.Add((to, _old[index]));
    }
}
