using System.Security.Cryptography;
using System.Text;

namespace Krmx.Rooms;

/// <summary>One client's place in what its user is sent and has sent; outlives its connections (protocol section 10).</summary>
internal sealed class Session(long id, KrmxUser user, string key, long number, long attempt)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>Its number in the room; no two that there are have the same.</summary>
    public long Id { get; } = id;

    public KrmxUser User { get; } = user;

    /// <summary>The key that its client made.</summary>
    public string Key { get; } = key;

    /// <summary>The attempt that began it, by which the client names it.</summary>
    public long Number { get; } = number;

    /// <summary>The latest attempt that linked to it; one that is not higher is stale.</summary>
    public long Attempt { get; set; } = attempt;

    /// <summary>The connection that it is attached to; null while it is suspended, and when it has ended.</summary>
    public RoomConnection? Connection { get; set; }

    /// <summary>Its place in the journal; null until its client has been sent all that a newcomer is, and when it has ended.</summary>
    public JournalReader? Reader { get; set; }

    /// <summary>How many of its client's frames were handled.</summary>
    public long Received { get; set; }

    /// <summary>How many of these are written down, in a durable room.</summary>
    public long ReceivedWritten { get; set; }

    /// <summary>How much of what its client has confirmed is written down, in a durable room.</summary>
    public long ConfirmedWritten { get; set; }

    /// <summary>Whether it is among those of which something is to be written down.</summary>
    public bool IsToWrite { get; set; }

    /// <summary>How many of these its client has been told.</summary>
    public long ReceivedTold { get; set; }

    /// <summary>When its client is told of the rest; null where it knows.</summary>
    public TimeSpan? AckDue { get; set; }

    /// <summary>Why it ended; null while it has not.</summary>
    public SessionEndReason? End { get; set; }

    /// <summary>When it ends where it is suspended, or is forgotten where it has ended.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Where its client was in the journal, by what it had confirmed, when the session was suspended.</summary>
    public long Position { get; set; }

    /// <summary>Its place among those that are suspended.</summary>
    public LinkedListNode<Session>? Place { get; set; }

    /// <summary>Whether a key is its own; takes the same time whatever the key.</summary>
    public bool HasKey(string other) => CryptographicOperations.FixedTimeEquals(_key, Encoding.UTF8.GetBytes(other));
}
