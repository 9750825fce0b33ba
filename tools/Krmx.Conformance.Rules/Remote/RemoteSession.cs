namespace Krmx.Conformance.Remote;

/// <summary>
/// A session of a rule's user, over any number of connections. On a server with other users more is told, and counts, than the rule hears of: its numbers
/// become those of the server, and back.
/// </summary>
internal sealed class RemoteSession
{
    private const int FarTooMuch = 1_000_000;

    private readonly List<long> _before = []; // for each frame that the rule heard of: how many had come by then

    /// <summary>Whether the client was told all that a newcomer is, so that what comes counts.</summary>
    public bool IsReady { get; set; }

    /// <summary>How many frames have come that count.</summary>
    public long Received { get; private set; }

    /// <summary>How many of these the rule heard of.</summary>
    public long Heard => _before.Count;

    /// <summary>Counts a frame.</summary>
    public void Count(bool isHeard)
    {
        if (isHeard)
            _before.Add(Received);
        Received++;
    }

    /// <summary>How many frames a client has received on the server who has heard of so many, and of nothing after them.</summary>
    public long ReceivedBy(long heard) => heard > Heard ? Received + FarTooMuch : heard < Heard ? _before[(int)heard] : Received;

    /// <summary>Goes on behind so many frames that the rule heard of.</summary>
    public void GoOn(long heard)
    {
        Received = ReceivedBy(heard);
        _before.RemoveRange((int)heard, _before.Count - (int)heard);
    }
}
