namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>What a room's listeners were told, in order, as texts such as <c>link bob</c>.</summary>
internal sealed class EventLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _entries = [];

    public string[] Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public void Attach(KrmxRoom room)
    {
        room.OnOpen(() => Add("open"));
        room.OnJoin(user => Add($"join {user.Name}"));
        room.OnLink(user => Add($"link {user.Name}"));
        room.OnMessage((KrmxUser user, KrmxMessage message) => Add($"message {user.Name} {message.Type}"));
        room.OnUnlink((KrmxUser user, UnlinkReason reason) => Add($"unlink {user.Name} {reason}"));
        room.OnLeave(user => Add($"leave {user.Name}"));
        room.OnClose(() => Add("close"));
    }

    public void Add(string entry)
    {
        lock (_gate)
            _entries.Add(entry);
    }

    public int Count(string entry) => Entries.Count(e => e == entry);

    public Task WaitFor(string entry, int times = 1) =>
        Patience.Until(() => Count(entry) >= times, () => $"'{entry}' {times} times; there was: {string.Join(", ", Entries)}");
}
