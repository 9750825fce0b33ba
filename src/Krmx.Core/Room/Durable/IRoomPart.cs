namespace Krmx.Rooms;

/// <summary>Something that a durable room keeps and knows nothing of, such as a shared state.</summary>
internal interface IRoomPart
{
    /// <summary>What it is known by; no two parts of a room have the same.</summary>
    string Name { get; }

    /// <summary>Writes down what has changed since the last time, under its name.</summary>
    void WriteChanges(RoomRecorder recorder);

    /// <summary>Writes down all of it, in place of the changes so far.</summary>
    void WriteWhole(RoomRecorder recorder);
}
