using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>
/// A small history in which all is well: alice and bob link, both are told message 3, alice says something, bob is told message 4, bob
/// drops and links again from another connection, and is told message 6.
/// </summary>
internal sealed class SoundHistory
{
    public SoundHistory()
    {
        Alice = History.Add(new ClientLog("alice") { IsHealthy = true, Retries = true });
        Bob = History.Add(new ClientLog("bob1"));
        BobAgain = History.Add(new ClientLog("bob2") { Retries = true });
        Server =
        [
            new(Deed.Asked, "alice", 1, Client: "alice", IsYes: true), new(Deed.Decided, "alice", 1, IsYes: true),
            new(Deed.Joined, "alice"), new(Deed.Linked, "alice", 1), new(Deed.Sent, "alice", 1),
            new(Deed.Asked, "bob", 2, Client: "bob1", IsYes: true), new(Deed.Decided, "bob", 2, IsYes: true),
            new(Deed.Joined, "bob"), new(Deed.Linked, "bob", 2), new(Deed.Sent, "bob", 2),
            new(Deed.Sent, null, 3, IsYes: true),
            new(Deed.Handled, "alice", 1, 1), new(Deed.Sent, "alice", 4, IsYes: true),
            new(Deed.Unlinked, "bob"),
            new(Deed.Asked, "bob", 3, Client: "bob2"), new(Deed.Decided, "bob", 3, IsYes: true),
            new(Deed.Linked, "bob", 3), new(Deed.Sent, "bob", 5),
            new(Deed.Sent, null, 6, IsYes: true),
        ];
        AliceSaw =
        [
            new(Sight.Opened), new(Sight.Asked, "alice"), new(Sight.Accepted), new(Sight.Joined, "alice"), new(Sight.Linked, "alice"),
            new(Sight.Welcomed, Number: 1), new(Sight.Received, Number: 1), new(Sight.Joined, "bob"), new(Sight.Linked, "bob"),
            new(Sight.Received, Number: 3), new(Sight.Said, Number: 1), new(Sight.Unlinked, "bob"), new(Sight.Linked, "bob"),
            new(Sight.Received, Number: 6),
        ];
        BobSaw =
        [
            new(Sight.Opened), new(Sight.Asked, "bob"), new(Sight.Accepted), new(Sight.Joined, "alice"), new(Sight.Linked, "alice"),
            new(Sight.Joined, "bob"), new(Sight.Linked, "bob"), new(Sight.Welcomed, Number: 2), new(Sight.Received, Number: 2),
            new(Sight.Received, Number: 3), new(Sight.Received, Number: 4), new(Sight.Closed),
        ];
        BobSawAgain =
        [
            new(Sight.Opened), new(Sight.Asked, "bob"), new(Sight.Accepted), new(Sight.Joined, "alice"), new(Sight.Linked, "alice"),
            new(Sight.Joined, "bob"), new(Sight.Linked, "bob"), new(Sight.Welcomed, Number: 3), new(Sight.Received, Number: 5),
            new(Sight.Received, Number: 6),
        ];
        ClientUser[] users = [new("alice", true), new("bob", true)];
        History.UsersAtRest = users;
        History.Measure("queued bytes", 10, 100);
        Alice.Rest = new ClientRest("alice", users);
        BobAgain.Rest = new ClientRest("bob", users);
    }

    public History History { get; } = new();

    public List<ServerEntry> Server { get; }

    public List<ClientEntry> AliceSaw { get; }

    public List<ClientEntry> BobSaw { get; }

    public List<ClientEntry> BobSawAgain { get; }

    public ClientLog Alice { get; }

    public ClientLog Bob { get; }

    public ClientLog BobAgain { get; }

    /// <summary>What the second listener saw; null for the same as the first.</summary>
    public List<(Deed Deed, string User)>? Lives { get; set; }

    /// <summary>Judges what has become of it.</summary>
    public IReadOnlyList<string> Check()
    {
        History.Server.AddRange(Server);
        History.Lives.AddRange(Lives ?? LivesOf(Server));
        foreach ((ClientLog log, List<ClientEntry> saw) in new[] { (Alice, AliceSaw), (Bob, BobSaw), (BobAgain, BobSawAgain) })
            saw.ForEach(entry => log.Add(entry.Sight, entry.User, entry.Number));
        return HistoryChecker.Check(History);
    }

    public static List<(Deed Deed, string User)> LivesOf(IEnumerable<ServerEntry> server) =>
        [.. server.Where(entry => entry.Deed is Deed.Joined or Deed.Linked or Deed.Unlinked or Deed.Left).Select(entry => (entry.Deed, entry.User!))];
}
