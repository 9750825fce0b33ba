using System.Collections.Immutable;
using System.Globalization;

namespace Krmx.StateBench.Scenarios;

/// <summary>One of the objects of the state.</summary>
internal sealed record Item(string Id, string Name, int X, int Y, int Health, string Owner)
{
    public static readonly ImmutableArray<Item> All = [.. Enumerable.Range(0, Work.ItemCount).Select(static index => new Item(
        Work.ItemId(index),
        string.Create(CultureInfo.InvariantCulture, $"Item number {index}"),
        index % 100,
        index / 10,
        100,
        Work.UserName(index % 8)))];
}
