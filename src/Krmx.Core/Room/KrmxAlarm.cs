namespace Krmx;

/// <summary>An alarm of a room, as it was when it was asked for.</summary>
public sealed class KrmxAlarm
{
    internal KrmxAlarm(string name, TimeSpan timeLeft)
    {
        Name = name;
        TimeLeft = timeLeft;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How long it is until it rings, from the beginning of the turn; zero for one that rings with the next turn.</summary>
    public TimeSpan TimeLeft { get; }

    /// <summary>The name and the time that is left.</summary>
    public override string ToString() => $"{Name} (in {TimeLeft})";
}
