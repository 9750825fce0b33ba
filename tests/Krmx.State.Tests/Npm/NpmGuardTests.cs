using System.Text;
using Krmx.Rooms;
using Krmx.Testing;

namespace Krmx.State.Tests.Npm;

/// <summary>To the type guards of @krmx/state 0.0.1, what we add to the protocol's messages is nothing.</summary>
[FullRunOnly]
public class NpmGuardTests
{
    private static readonly StreamModel<int> Sum = new(0);

    private static readonly Func<int, KrmxAction> Add =
        Sum.When<int>("add", static (sum, _, number) => sum + number);

    [Fact]
    public void Guards_TakeOurMessagesAndIgnoreOurOwnTypes()
    {
        List<string> sent = [], received = [];
        Play(sent, received);

        Assert.Equal(
            [
                ("projection/action", true), ("projection/action", true), ("projection/action", true),
                ("stream/append", true), ("stream/append", true),
                ("atom/set", true), ("atom/set", true),
            ],
            Judged(sent));
        Assert.Equal(
            [
                ("projection/set", true), ("projection/delta", true), ("projection/invalidate", true), ("projection/invalidate", true),
                ("stream/append", true), ("stream/invalidate", false), ("atom/set", true), ("atom/invalidate", false),
            ],
            Judged(received));
        // The messages were the ones with additions.
        Assert.All(sent, static message => Assert.Contains("optimisticId", message, StringComparison.Ordinal));
        Assert.All(received.Skip(1), static message => Assert.Contains("optimisticId", message, StringComparison.Ordinal));
        Assert.Contains(received, static message => message.Contains("\"accepted\":false,\"reason\":", StringComparison.Ordinal));
        Assert.Contains(received, static message => message.Contains("\"accepted\":true", StringComparison.Ordinal));
    }

    /// <summary>One of each: accepted, accepted without a change, refused.</summary>
    private static void Play(List<string> sent, List<string> received)
    {
        var game = new TableModel();
        var room = new TestRoom();
        room.Room.OnMessage((_, message) => sent.Add(message.ToString()));
        room.Room.AddProjection("table", game.Model);
        ServerStream<int> sum = room.Room.AddStream("sum", Sum, new StreamOptions { MaxLogBytes = 120 });
        room.Room.AddAtoms(new AtomOptions { HasStrictPrefixes = true });
        room.Open();
        TestClient alice = room.Connect();
        ClientProjection<TableView> table = alice.AddProjection("table", game.Model);
        ClientStream<int> shown = alice.AddStream("sum", Sum);
        ClientAtoms atoms = alice.AddAtoms();
        alice.Link("alice");
        room.Deliver();

        table.Dispatch(game.Draw());
        table.Dispatch(game.Nothing());
        table.Dispatch(game.Play(new Play("unknown")));
        shown.Dispatch(Add(1));
        shown.Dispatch(Add(2)); // the log is full
        atoms.Set("alice/colour", "red");
        atoms.Set("bob/colour", "red");
        room.Deliver();

        Assert.Equal(1, sum.State);
        received.AddRange(alice.Received.Where(static frame => !frame.Contains("\"krmx/", StringComparison.Ordinal)));
    }

    private static List<(string Type, bool IsTaken)> Judged(List<string> messages)
    {
        using var oracle = new NodeOracle("peers-state/oracle.mjs");
        JsonTree[] trees = [.. messages.Select(static message => JsonTree.Parse(Encoding.UTF8.GetBytes(message)))];
        JsonTree answer = oracle.Ask(JsonTree.Of("kinds"), JsonTree.ArrayOf(trees));
        return [.. trees.Zip(answer.Items, static (message, kind) => (message["type"]!.Text!, kind.Equals(message["type"])))];
    }
}
