using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>Finding nothing means little unless the checker finds what is planted.</summary>
public class CheckerPowerTests
{
    private static readonly Dictionary<string, (string Invariant, Action<SoundHistory> Plant)> Plants = new()
    {
        ["a user has two links at once"] = ("I1", h => h.Server.RemoveAll(e => e.Deed == Deed.Unlinked)),
        ["two clients have the same link"] = ("I1", h => Replace(h.BobSawAgain, Welcome(3), Welcome(2))),
        ["two clients are one user at rest"] = ("I1", h => h.Bob.Rest = h.BobAgain.Rest),
        ["a client is linked and the server does not know"] = ("I2", h => h.History.UsersAtRest = [new("alice", true), new("bob", false)]),
        ["the server has a link that no client has"] = ("I2", h => h.BobAgain.Rest = null),
        ["a user is linked without having joined"] = ("I3", h => h.Server.RemoveAll(e => e.Deed == Deed.Joined && e.User == "bob")),
        ["a user leaves while linked"] = ("I3", h => h.Server.Add(new(Deed.Left, "bob"))),
        ["two listeners see another order"] = ("I3", h => (h.Lives = SoundHistory.LivesOf(h.Server)).Reverse(1, 2)),
        ["two messages change places"] = ("I4", h => h.BobSaw.Reverse(h.BobSaw.Count - 3, 2)),
        ["a message comes twice"] = ("I4", h => h.BobSaw.Insert(h.BobSaw.Count - 2, News(3))),
        ["a message is handled twice"] = ("I4", h => h.Server.Insert(12, new(Deed.Handled, "alice", 1, 1))),
        ["a message is handled that was not sent"] = ("I4", h => h.AliceSaw.RemoveAll(e => e.Sight == Sight.Said)),
        ["a refused authentication links"] = ("I5", h => Replace(h.Server, h.Server[6], new(Deed.Decided, "bob", 2))),
        ["another connection's authentication links"] =
            ("I5", h => Replace(h.Server, h.Server[14], new(Deed.Asked, "bob", 3, Client: "alice"))),
        ["an authentication for the user before links"] =
            ("I5", h => h.Server.InsertRange(16, [new(Deed.Left, "bob"), new(Deed.Joined, "bob")])),
        ["a message is handled after the unlink"] = ("I5", h => h.Server.Insert(14, new(Deed.Handled, "bob", 1, 2))),
        ["a message reaches one who is left out"] = ("I5", h => h.AliceSaw.Insert(h.AliceSaw.Count - 1, News(4))),
        ["a message reaches one who is not linked yet"] = ("I5", h => h.BobSaw.Insert(2, News(1))),
        ["a message reaches one who was unlinked"] = ("I5", h => h.BobSaw.InsertRange(h.BobSaw.Count - 1, [new(Sight.Unlinked, "bob"), News(6)])),
        ["a newcomer is not told of a user"] = ("I6", h => h.BobSaw.RemoveAll(e => e.User == "alice" && e.Sight == Sight.Linked)),
        ["a change is not told"] = ("I6", h => h.AliceSaw.RemoveAll(e => e.Sight == Sight.Unlinked)),
        ["the users at rest are not the server's"] = ("I6", h => h.Alice.Rest = new("alice", [new("alice", true)])),
        ["an attempt is accepted and rejected"] = ("I7", h => h.BobSaw.Insert(3, new(Sight.Rejected))),
        ["an attempt is never answered"] = ("I7", h => h.BobSawAgain.Add(new(Sight.Asked, "bob"))),
        ["nobody asked"] = ("I7", h => h.BobSaw.RemoveAt(1)),
        ["a message to all misses one in the middle"] = ("I8", h => h.BobSaw.RemoveAll(e => e == News(3))),
        ["the last message to all misses one"] = ("I8", h => h.AliceSaw.RemoveAt(h.AliceSaw.Count - 1)),
        ["a queue is over its bound"] = ("I10", h => h.History.Measure("queued bytes", 101, 100)),
        ["a client that comes back is not linked"] = ("I11", h => h.BobAgain.Rest = new(null, [])),
        ["one to whom nothing was done loses its connection"] = ("I12", h => h.AliceSaw.Add(new(Sight.Closed))),
        ["one to whom nothing was done is unlinked"] = ("I12", h => h.AliceSaw.Add(new(Sight.Unlinked, "alice"))),
        ["a process dies"] = ("I12", h => h.History.Incident("the server exited with 134")),
    };

    public static TheoryData<string> PlantNames => [.. Plants.Keys];

    [Fact]
    public void SoundHistory_HasNoViolation() => Assert.Empty(new SoundHistory().Check());

    [Theory]
    [MemberData(nameof(PlantNames))]
    public void PlantedViolation_IsFound(string name)
    {
        (string invariant, Action<SoundHistory> plant) = Plants[name];
        var history = new SoundHistory();
        plant(history);

        IReadOnlyList<string> found = history.Check();

        Assert.Contains(found, violation => violation.StartsWith($"{invariant}:", StringComparison.Ordinal));
    }

    [Fact]
    public void Plants_CoverEveryInvariant() => Assert.Equal(
        ["I1", "I10", "I11", "I12", "I2", "I3", "I4", "I5", "I6", "I7", "I8"],
        Plants.Values.Select(plant => plant.Invariant).Distinct().Order(StringComparer.Ordinal));

    private static ClientEntry News(long number) => new(Sight.Received, Number: number);

    private static ClientEntry Welcome(long link) => new(Sight.Welcomed, Number: link);

    private static void Replace<T>(List<T> entries, T old, T next) => entries[entries.IndexOf(old)] = next;
}
