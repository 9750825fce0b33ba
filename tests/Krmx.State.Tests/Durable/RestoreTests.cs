using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Krmx.Rooms;
using Krmx.Simulation;

namespace Krmx.State.Tests.Durable;

/// <summary>What a room keeps is what it had when it is made again, costs what has changed, and survives changes of its types.</summary>
public class RestoreTests
{
    [Fact]
    public void EverythingThatIsKept_ComesBack()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var rng = new Rng(seed);
            var game = new Game();
            var room = new DurableRoom(game.Attach);
            room.Link("alice");
            for (int step = 0; step < 60; step++)
            {
                room.Do(_ => game.Change(rng));
                if (rng.OneIn(20))
                    room.Snapshot();
                if (!rng.OneIn(10))
                    continue;
                string before = game.ToString();
                room.Restart();
                Assert.Equal(before, game.ToString());
                room.Link("alice");
            }
        }
    }

    /// <summary>A turn costs what it has changed: a thousand items beside it are neither written nor read.</summary>
    [Fact]
    public void ChangeOfOneItemAmongThousand_WritesAsMuchAsAmongTen()
    {
        int[] written = [.. new[] { 10, 1000 }.Select(static count =>
        {
            var game = new Game();
            var room = new DurableRoom(game.Attach);
            room.Link("alice");
            room.Do(_ => game.Board.Update(board => board with { Items = [.. Enumerable.Range(0, count).Select(static i => new Item($"i{i:0000}", i, "text"))] }));
            room.Do(_ => game.Board.Update(board => board with { Items = board.Items.SetItem(5, board.Items[5] with { Place = 4711 }) }));
            return room.LastWritten;
        })];

        Assert.InRange(written[1], written[0] * 0.8, written[0] * 1.2);
    }

    /// <summary>Its handler was done when nobody could be told any more.</summary>
    [Fact]
    public void RequestThatIsAnsweredWhileTheRoomGoesToRest_IsRefusedWhenItIsMadeAgain()
    {
        RoomReply<int>? answer = null;
        var room = new DurableRoom(core => ((DurableRoom.Core)core).OnRequest("ask", reply => answer = reply));
        ConnectionId alice = room.Resume("alice", attempt: 1);
        room.Receive(alice, """{"type":"request/ask","payload":{"id":"1","type":"ask","payload":7}}""");

        room.Rest(() => answer!.Answer(3));
        room.Resume("alice", attempt: 2);

        Assert.Equal(
            ["""{"type":"request/refuse","payload":{"id":"1","reason":"the server was restarted before it had answered"}}"""],
            room.Received["alice"].Where(static frame => frame.Contains("request/", StringComparison.Ordinal)));
    }

    [Fact]
    public void ValueThatDoesNotComeBackFromJson_IsRefusedWhenTheRoomIsNew()
    {
        string unreadable = Assert.Throws<KrmxException>(() => new DurableRoom(static room => room.AddValue("secret", new Unreadable(3)))).Message;
        string forgetful = Assert.Throws<KrmxException>(() => new DurableRoom(static room => room.AddValue("secret", Forgetful.Of(3)))).Message;

        Assert.StartsWith("cannot keep the value 'secret' in a durable room: its Unreadable cannot be written as JSON and read again", unreadable);
        Assert.Contains("its Forgetful does not come back from JSON as it was written: {\"count\":3} became {\"count\":0}", forgetful);
    }

    [Fact]
    public void ValueOfAnOlderVersion_IsUpgraded()
    {
        var room = new DurableRoom(static room => room.AddValue("round", new RoundV1(3)));
        room.Link("alice");
        var memory = new RoomMemory(DateTimeOffset.UnixEpoch, room.History);
        var upgrade = new KrmxUpgrade { Version = 2, Apply = static (old, version) => new JsonObject { ["number"] = (int)old!["round"]! + version, ["isOver"] = false } };
        var core = new KrmxRoomCore(new KrmxRoomOptions(), new RoomEffects(), room, memory: memory);

        KrmxValue<RoundV2> value = core.AddValue("round", new RoundV2(0, true), new ValueOptions { Upgrade = upgrade });

        Assert.Equal(new RoundV2(4, false), value.Value);
    }

    [Fact]
    public void ValueOfANewerVersion_IsRefusedAndNamed()
    {
        var upgrade = new KrmxUpgrade { Version = 2, Apply = static (old, _) => old };
        var room = new DurableRoom(room => room.AddValue("round", new RoundV2(1, true), new ValueOptions { Upgrade = upgrade }));
        room.Link("alice");
        var core = new KrmxRoomCore(new KrmxRoomOptions(), new RoomEffects(), room, memory: new RoomMemory(DateTimeOffset.UnixEpoch, room.History));

        KrmxException error = Assert.Throws<KrmxException>(() => core.AddValue("round", new RoundV1(1)));

        Assert.Contains("value 'round'", error.Message);
        Assert.Contains("newer version", error.Message);
    }

    [Fact]
    public void ValueThatCannotBeRead_IsRefusedAndNamed()
    {
        var room = new DurableRoom(static room => room.AddValue("round", "three"));
        room.Link("alice");
        var core = new KrmxRoomCore(new KrmxRoomOptions(), new RoomEffects(), room, memory: new RoomMemory(DateTimeOffset.UnixEpoch, room.History));

        Assert.Contains("cannot read the value 'round' as a Int32", Assert.Throws<KrmxException>(() => core.AddValue("round", 3)).Message);
    }

    /// <summary>Whoever comes before a version that knows a value again finds it as it was.</summary>
    [Fact]
    public void ValueThatNobodyClaims_StaysAsItWas()
    {
        KrmxValue<int>? value = null;
        bool isClaimed = true;
        var room = new DurableRoom(room => value = isClaimed ? room.AddValue("round", 1) : null);
        room.Link("alice");
        room.Do(_ => value!.Value = 7);

        isClaimed = false;
        room.Restart();
        room.Link("alice");
        room.Snapshot();
        isClaimed = true;
        room.Restart();

        Assert.Equal(7, value!.Value);
    }

    [Fact]
    public void TwoValuesOfOneName_AreRefused() => Assert.Contains("one of that name already", Assert.Throws<KrmxException>(() => new DurableRoom(static room =>
    {
        room.AddValue("round", 1);
        room.AddValue("round", 2);
    })).Message);

    /// <summary>Read again as one user, a room shows exactly what that user was sent: nothing of others, nothing less.</summary>
    [Fact]
    public void History_IsWhatEachUserWasSent()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var rng = new Rng(seed);
            var game = new Game();
            var room = new DurableRoom(game.Attach);
            var links = new Dictionary<string, ConnectionId>();
            for (int step = 0; step < 60; step++)
            {
                string name = rng.OneIn(2) ? "alice" : "bob";
                if (rng.OneIn(6) && links.Remove(name, out ConnectionId linked))
                    room.Unlink(linked);
                else if (rng.OneIn(3) && !links.ContainsKey(name))
                    links.Add(name, room.Link(name));
                else if (rng.OneIn(4) && links.ContainsKey(name))
                    room.Do(core => core.Send(name, "secret", $"for {name}, {step}"));
                else if (rng.OneIn(4) && links.ContainsKey(name))
                    room.Do(core => core.BroadcastExcept(name, new KrmxMessage($"not for {name}")));
                else
                    room.Do(_ => game.Change(rng));
                if (!rng.OneIn(20))
                    continue;
                room.Restart();
                links.Clear();
            }
            foreach ((string name, List<string> received) in room.Received)
            {
                var replay = new RoomReplay(name);
                Assert.Equal(received, room.History.SelectMany(replay.Read).Select(static frame => Encoding.UTF8.GetString(frame.Span)));
            }
            var state = new RoomReplay(null);
            foreach (ReadOnlyMemory<byte> turn in room.History)
                state.Read(turn);
            Assert.Equal(game.Round.Value.ToString(), state.States.TryGetValue("value 'round'", out JsonTree? round) ? round.ToString() : "0");
        }
    }

    internal sealed record Item(string Id, int Place, string Text);

    internal sealed record Table(ImmutableList<Item> Items, ImmutableDictionary<string, string> Hands);

    internal sealed record RoundV1(int Round);

    internal sealed record RoundV2(int Number, bool IsOver);

    internal sealed class Unreadable(int secret)
    {
        public int Twice => 2 * secret;
    }

    internal sealed class Forgetful
    {
        public int Count { get; private set; }

        public static Forgetful Of(int count) => new() { Count = count };
    }

    /// <summary>All that a room can keep.</summary>
    private sealed class Game
    {
        private static readonly ProjectionModel<Table, Table> Model = new(
            new Table([], ImmutableDictionary<string, string>.Empty),
            static (table, user) => table with { Hands = table.Hands.Where(hand => hand.Key == user).ToImmutableDictionary() });

        private static readonly StreamModel<int> Sums = new(0);
        private static readonly Func<int, KrmxAction> Count = Sums.When<int>("count", static (sum, _, by) => sum + by);

        static Game() => Sums.SnapshotAs("sum");

        public ServerProjection<Table, Table> Board { get; private set; } = null!;

        public ServerStream<int> Sum { get; private set; } = null!;

        public ServerAtoms Atoms { get; private set; } = null!;

        public KrmxValue<int> Round { get; private set; } = null!;

        public void Attach(KrmxRoomCore room)
        {
            Board = room.AddProjection("board", Model);
            Sum = room.AddStream("sum", Sums, new StreamOptions { ClearsWhenEmpty = true, MaxLogBytes = 500 });
            Atoms = room.AddAtoms();
            Round = room.AddValue("round", 0);
        }

        public void Change(Rng rng)
        {
            switch (rng.Below(7))
            {
                case 0:
                    Round.Update(static round => round + 1);
                    break;
                case 1:
                    Sum.Dispatch("alice", Count(rng.Below(10)));
                    break;
                case 2:
                    Atoms.Set($"key {rng.Below(4)}", rng.Below(100));
                    break;
                case 3:
                    Board.Update(table => table with { Items = table.Items.Add(new Item($"i{rng.Below(1000)}", rng.Below(9), "text")) });
                    break;
                case 4 when Board.State.Items.Count > 0:
                    int index = rng.Below(Board.State.Items.Count);
                    Board.Update(table => table with { Items = table.Items.SetItem(index, table.Items[index] with { Place = rng.Below(99) }) });
                    break;
                case 5 when Board.State.Items.Count > 0:
                    Board.Update(table => table with { Items = table.Items.RemoveAt(rng.Below(table.Items.Count)) });
                    break;
                case 6:
                    Board.Update(table => table with { Hands = table.Hands.SetItem(rng.OneIn(2) ? "alice" : "bob", $"card {rng.Below(52)}") });
                    break;
            }
        }

        public override string ToString() =>
            $"{string.Join(", ", Board.State.Items)} {string.Join(", ", Board.State.Hands.OrderBy(static hand => hand.Key))} {Sum.State} {Sum.Count} {Round.Value} " +
            string.Join(", ", Atoms.Keys.Order(StringComparer.Ordinal).Select(key => $"{key} = {Atoms[key]}"));
    }
}
