using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Krmx.State;

/// <summary>A sequence of items.</summary>
/// <param name="isImmutableArray">Whether it is an <see cref="ImmutableArray{T}"/>.</param>
internal sealed class ListShape(bool isImmutableArray) : TypeShape
{
    private TypeShape? _item;

    public override bool WrapsObject => isImmutableArray;

    public TypeShape Item => _item!;

    /// <summary>Sets the items' shape; apart from the constructor because a type may contain itself.</summary>
    public void Complete(TypeShape item) => _item = item;

    public override JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker)
    {
        var old = beforeTree as JsonItems;
        using var items = new ItemBuffer(value);
        using var oldItems = new ItemBuffer(old is null ? null : before);
        // The former value may have been changed since; then its items tell nothing about its tree.
        bool isKnown = old is not null && old.Items.Length == oldItems.Count;

        var trees = new JsonTree[items.Count];
        int head = 0;
        if (isKnown)
        {
            int shorter = Math.Min(items.Count, oldItems.Count);
            while (head < shorter && items[head] is object item && ReferenceEquals(item, oldItems[head]))
            {
                trees[head] = old!.Items[head];
                head++;
            }
        }
        int tail = 0;
        int shift = oldItems.Count - items.Count;
        if (isKnown)
        {
            int rest = Math.Min(items.Count, oldItems.Count) - head;
            while (tail < rest && items[items.Count - 1 - tail] is object item && ReferenceEquals(item, oldItems[oldItems.Count - 1 - tail]))
            {
                int index = items.Count - 1 - tail;
                trees[index] = old!.Items[index + shift];
                tail++;
            }
        }
        bool isSame = isKnown && shift == 0;
        for (int i = head; i < items.Count - tail; i++)
        {
            bool hasOld = isKnown && i < oldItems.Count - tail;
            JsonTree? oldTree = hasOld ? old!.Items[i] : null;
            trees[i] = maker.Make(items[i], _item!, hasOld ? oldItems[i] : null, oldTree);
            isSame &= ReferenceEquals(trees[i], oldTree);
        }
        return isSame ? old! : new JsonItems(ImmutableCollectionsMarshal.AsImmutableArray(trees));
    }

    /// <summary>The items of a collection, in a borrowed array where their number is known before.</summary>
    private readonly struct ItemBuffer : IDisposable
    {
        private readonly object?[] _items;
        private readonly bool _isBorrowed;

        public ItemBuffer(object? collection)
        {
            switch (collection)
            {
                case null:
                    _items = [];
                    break;
                case ICollection { Count: int count } known:
                    Count = count;
                    _items = ArrayPool<object?>.Shared.Rent(count);
                    _isBorrowed = count > 0;
                    known.CopyTo(_items, 0);
                    break;
                default:
                    _items = [.. ((IEnumerable)collection).Cast<object?>()];
                    Count = _items.Length;
                    break;
            }
        }

        public int Count { get; }

        public object? this[int index] => _items[index];

        public void Dispose()
        {
            if (_isBorrowed)
                ArrayPool<object?>.Shared.Return(_items, clearArray: true);
        }
    }
}
