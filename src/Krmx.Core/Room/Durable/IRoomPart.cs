using System.Text.Json;

namespace Krmx.Rooms;

/// <summary>Something that a durable room keeps and knows nothing of, such as a shared state.</summary>
internal interface IRoomPart
{
    /// <summary>What it is known by; no two parts of a room have the same.</summary>
    string Name { get; }

    /// <summary>Writes what has changed since the last time.</summary>
    /// <param name="write">Takes a change: a function that writes one JSON value.</param>
    void WriteChanges(Action<Action<Utf8JsonWriter>> write);

    /// <summary>Writes all of it, in place of the changes so far.</summary>
    /// <inheritdoc cref="WriteChanges"/>
    void WriteWhole(Action<Action<Utf8JsonWriter>> write);
}
