namespace Krmx.Tests.Rooms.Simulation;

/// <summary>A room as the model of the directory has it, from the wish for it to its end.</summary>
internal sealed class NaiveRoom(string name)
{
    public string Name => name;

    /// <summary>Whether it is one of the rooms that there may be.</summary>
    public bool IsPlaced { get; set; }

    public NaiveStage Stage { get; set; }

    public bool IsWanted { get; set; }

    public bool WasLinked { get; set; }

    public TimeSpan Occupied { get; set; }

    public TimeSpan EnteredAt { get; set; }

    public TimeSpan EmptyAt { get; set; }

    public CloseCode Code { get; set; }

    /// <summary>Who is in it or waits to be.</summary>
    public List<NaiveVisitor> Guests { get; } = [];

    /// <summary>Who waits for it to open, in order.</summary>
    public List<object> Waiting { get; } = [];

    /// <summary>Who waits for its end.</summary>
    public List<NaiveClosing> Closings { get; } = [];
}

internal enum NaiveStage
{
    Planned,
    Making,
    Open,
    Closing,
}

/// <summary>Somebody who wants to be in a room, and what became of it: "waits", "in", or why not.</summary>
internal sealed class NaiveVisitor(string name, bool isWanted, TimeSpan deadline)
{
    public string Name => name;

    public bool IsWanted => isWanted;

    public TimeSpan Deadline => deadline;

    public string Outcome { get; set; } = "waits";

    public NaiveRoom? Room { get; set; }
}

/// <summary>A room's end that somebody has asked for; null while it is awaited, then whether there was a room.</summary>
internal sealed class NaiveClosing(CloseCode code)
{
    public CloseCode Code => code;

    public bool? Result { get; set; }
}
