namespace Krmx.Rooms;

/// <summary>What several rooms may keep for sessions together; asked by each of them in its turns, and so from several threads. Protocol section 10.</summary>
public interface IJournalBudget
{
    /// <summary>Whether no room may keep more than its share.</summary>
    bool IsScarce { get; }

    /// <summary>How many bytes each room may keep, whatever the others do.</summary>
    long Share { get; }

    /// <summary>A room keeps so many bytes more, or less.</summary>
    void Change(long bytes);
}
