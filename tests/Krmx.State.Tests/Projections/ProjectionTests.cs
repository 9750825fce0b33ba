using Krmx.Client;
using Krmx.Protocol;
using Krmx.Testing;

namespace Krmx.State.Tests;

public sealed class ProjectionTests
{
    private readonly TestRoom _room = new();
    private readonly TableModel _table = new();
    private readonly ServerProjection<Table, TableView> _server;
    private readonly TestClient _alice;
    private readonly TestClient _bob;
    private readonly ClientProjection<TableView> _alices;
    private readonly ClientProjection<TableView> _bobs;
    private readonly List<DispatchResult> _results = [];

    public ProjectionTests()
    {
        _server = _room.Room.AddProjection("table", _table.Model);
        _room.Open();
        (_alice, _alices) = Link("alice");
        (_bob, _bobs) = Link("bob");
    }

    [Fact]
    public void Link_ShowsEachUserTheirView()
    {
        Assert.Equal(10, _alices.View!.DeckSize);
        Assert.True(_alices.IsLive);
        Assert.Contains("""{"type":"projection/set","payload":{"domain":"table","projection":{"deckSize":10,"players":[],"hand":[],"pile":[]}}}""", _bob.Received);
    }

    [Fact]
    public void Dispatch_TellsEachUserWhatChangedForThem()
    {
        _alices.Dispatch(_table.Draw(), _results.Add);
        _room.Deliver();

        Assert.Equal("card-10", Assert.Single(_alices.View!.Hand).Id);
        Assert.Empty(_bobs.View!.Hand);
        Assert.Equal(new Player("alice", 1), Assert.Single(_bobs.View.Players));
        Assert.Equal([new DispatchResult(DispatchStatus.Accepted)], _results);
        Assert.Equal(
            """{"type":"projection/delta","payload":{"domain":"table","delta":{"deckSize":[0,9],"players":[0,[{"name":"alice","cards":1}]]}}}""",
            _bob.Received[^1]);
        Assert.DoesNotContain(_bob.Received, frame => frame.Contains("card-10", StringComparison.Ordinal));
    }

    [Fact]
    public void Dispatch_ShowsTheOptimisticViewAtOnceAndOnce()
    {
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        List<int> piles = [];
        using IDisposable subscription = _alices.OnChange(view => piles.Add(view!.Pile.Length));

        _alices.Dispatch(_table.Play(new Play("card-10")));
        Assert.Single(_alices.View!.Pile);
        Assert.Equal(1, _alices.PendingCount);
        _room.Deliver();

        Assert.Single(_alices.View!.Pile);
        Assert.Equal(0, _alices.PendingCount);
        Assert.Equal([1, 1], piles);
    }

    [Fact]
    public void Dispatch_ThatIsRefused_IsTakenBackAndTellsWhy()
    {
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        _alices.Dispatch(_table.Play(new Play("card-10")), _results.Add);
        _server.Dispatch("alice", _table.Play(new Play("card-10")));
        _room.Deliver();

        Assert.Equal([new DispatchResult(DispatchStatus.Refused, "you do not have that card")], _results);
        Assert.Equal(_server.View("alice").Pile.Length, _alices.View!.Pile.Length);
    }

    [Fact]
    public void Dispatch_ThatChangesNothingForTheDispatcher_ReleasesIt()
    {
        _alices.Dispatch(_table.Nothing(), _results.Add);
        _room.Deliver();
        Assert.Equal([new DispatchResult(DispatchStatus.Accepted)], _results);
        Assert.Equal(
            """{"type":"projection/invalidate","payload":{"domain":"table","optimisticId":"alice/1","accepted":true}}""",
            _alice.Received[^1]);
    }

    [Fact]
    public void Dispatch_WhoseHandlerThrows_ChangesNothingAndTellsNoSecret()
    {
        Table before = _server.State;
        _alices.Dispatch(_table.Break(), _results.Add);
        _room.Deliver();
        Assert.Equal([new DispatchResult(DispatchStatus.Refused, "the action failed")], _results);
        Assert.Same(before, _server.State);
        Assert.Equal("a secret", Assert.Single(_room.Failures).Message);
        Assert.DoesNotContain(_alice.Received, frame => frame.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Dispatch_FromAPeerThatWantsNoAnswer_GetsNone()
    {
        int before = _alice.Received.Count;
        _alice.Send(KrmxMessage.FromJson("projection/action", """{"domain":"table","action":{"type":"nothing"}}"""u8.ToArray()));
        _alice.Send(KrmxMessage.FromJson("projection/action", """{"domain":"table","action":{"type":"unknown"}}"""u8.ToArray()));
        _room.Deliver();
        Assert.Equal(before, _alice.Received.Count);
    }

    [Theory]
    [InlineData("""{"domain":"table","action":"draw"}""")]
    [InlineData("""{"domain":"table","action":{}}""")]
    [InlineData("""{"domain":"table"}""")]
    [InlineData("""{"domain":"chairs","action":{"type":"draw"}}""")]
    [InlineData("""{"action":{"type":"draw"}}""")]
    [InlineData("null")]
    public void Dispatch_OfAWrongShape_IsIgnored(string payload)
    {
        int before = _alice.Received.Count;
        _alice.Send(KrmxMessage.FromJson("projection/action", System.Text.Encoding.UTF8.GetBytes(payload)));
        _room.Deliver();
        Assert.Equal(before, _alice.Received.Count);
        Assert.Single(_room.Refusals);
        Assert.Equal(10, _server.State.Deck.Length);
    }

    [Fact]
    public void EqualDeltas_AreTheSameFrame()
    {
        TestClient carol = Link("carol").Client;
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        Assert.Equal(_bob.Received[^1], carol.Received[^1]);
        Assert.NotEqual(_bob.Received[^1], _alice.Received[^1]);
    }

    [Fact]
    public void Update_ChangesWhatNoActionCan()
    {
        _server.Update(table => table with { Deck = [] });
        _room.Deliver();
        Assert.Equal(0, _bobs.View!.DeckSize);
        Assert.Throws<InvalidOperationException>(() => _server.Update(_ => throw new InvalidOperationException()));
        Assert.Empty(_server.State.Deck);
    }

    [Fact]
    public void Drop_KeepsTheViewUntilTheNextSet()
    {
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        _alices.Dispatch(_table.Play(new Play("card-10")), _results.Add);
        _alice.Resumes = false;
        _alice.Drop();
        Assert.Equal([new DispatchResult(DispatchStatus.Unlinked)], _results);
        Assert.False(_alices.IsLive);
        Assert.Single(_alices.View!.Hand);

        _server.Dispatch("bob", _table.Draw());
        _alice.Connect();
        _alice.Link("alice");
        _room.Deliver();
        Assert.True(_alices.IsLive);
        Assert.Equal(8, _alices.View!.DeckSize);
        Assert.Single(_alices.View.Hand);
    }

    [Fact]
    public void Return_BringsTheChangesThatWereMissed_AndTheDispatchesArrive()
    {
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        int sets = Sets();
        _alice.Drop();
        _alices.Dispatch(_table.Draw(), _results.Add);
        _server.Dispatch("bob", _table.Draw());
        _room.Deliver();
        Assert.Empty(_results);

        _alice.Return();
        Assert.Equal([new DispatchResult(DispatchStatus.Accepted)], _results);
        Assert.True(_alices.IsLive);
        Assert.Equal(2, _alices.View!.Hand.Length);
        Assert.Equal(7, _alices.View.DeckSize);
        Assert.Equal(sets, Sets());

        int Sets() => _alice.Received.Count(frame => frame.Contains("projection/set", StringComparison.Ordinal));
    }

    [Fact]
    public void Gap_KeepsTheViewUntilTheNextSet()
    {
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        _alice.Drop();
        _server.Dispatch("bob", _table.Draw());
        _room.Advance(TimeSpan.FromMinutes(3));
        List<(int Hand, int Deck, bool IsLive)> shown = [];
        _alices.OnChange(view => shown.Add((view?.Hand.Length ?? -1, view?.DeckSize ?? -1, _alices.IsLive)));

        _alice.Return();

        Assert.Equal([(1, 9, false), (1, 8, true)], shown);
    }

    [Fact]
    public void GapOfAUserWhoHasLeft_ShowsNothing()
    {
        _alice.Drop();
        _room.Room.Kick("alice");
        _room.Deliver();
        _alice.Return();
        Assert.Equal((ClientStatus.Connected, "user alice has left"), (_alice.Status, _alice.Rejection));
        Assert.Null(_alices.View);
    }

    [Fact]
    public void LinkAsAnotherUser_ShowsNothingOfTheOneBefore()
    {
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        _alice.Unlink();
        _room.Deliver();
        Assert.Null(_alices.View);
        _alice.Link("carol");
        _room.Deliver();
        Assert.Empty(_alices.View!.Hand);

        _alice.Drop();
        _alice.Connect();
        List<int> hands = [];
        _alices.OnChange(view => hands.Add(view?.Hand.Length ?? -1));
        _alice.Link("alice");
        _room.Deliver();
        Assert.Equal([-1, 1], hands);
    }

    [Fact]
    public void Relink_WithinOneTurn_SendsTheViewOnce()
    {
        // The link events come after the changes: by the first one the user is linked to the second connection already.
        _room.Room.OnUnlink(user =>
        {
            if (user.Name == "alice")
                _server.Dispatch("bob", _table.Draw());
        });
        _alice.Unlink();
        _alice.DeliverToServer();
        TestClient second = _room.Link("alice", client => client.AddProjection("table", _table.Model));
        Assert.Equal(1, second.Received.Count(frame => frame.Contains("projection/set", StringComparison.Ordinal)));
        Assert.Empty(_room.Refusals);
    }

    [Fact]
    public void View_ThatThrows_ChangesNothing()
    {
        var model = new ProjectionModel<int, int>(0, static (state, _) => state < 2 ? state : throw new InvalidOperationException("no view"));
        Func<KrmxAction> add = model.When("add", static (state, _) => state + 1);
        ServerProjection<int, int> server = _room.Room.AddProjection("number", model);
        _room.Deliver();
        Assert.Contains("projection/set", _bob.Received[^1], StringComparison.Ordinal);
        Assert.True(server.Dispatch("alice", add()).IsAccepted);
        Assert.Equal(new DispatchResult(DispatchStatus.Refused, "the action failed"), server.Dispatch("alice", add()));
        Assert.Equal(1, server.State);
    }

    [Fact]
    public void ClearsWhenEmpty_BeginsAnewWithAStateOfItsOwn()
    {
        int made = 0;
        var room = new TestRoom();
        var model = new ProjectionModel<int, int>(0, static (state, _) => state);
        ServerProjection<int, int> server = room.Room.AddProjection("number", model, new() { ClearsWhenEmpty = true, Initial = () => ++made });
        room.Open();
        TestClient client = room.Link("alice");
        server.Update(_ => 100);
        client.Leave();
        room.Deliver();
        Assert.Equal(2, server.State);
    }

    [Fact]
    public void Delta_ThatDoesNotFit_IsNotShownAsTheTruth()
    {
        _alice.Send(new KrmxMessage("ignored"));
        IClientInput input = _alice;
        input.FrameReceived(InboundFrame.Parse("""{"type":"projection/delta","payload":{"domain":"table","delta":{"nowhere":[0,1]}}}"""u8.ToArray()));
        Assert.False(_alices.IsLive);
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        Assert.False(_alices.IsLive);
        Assert.Equal(10, _alices.View!.DeckSize);
        Assert.Single(_room.Refusals);
    }

    [Fact]
    public void Changes_CanBeBoundTo()
    {
        int raised = 0;
        _alices.PropertyChanged += (_, _) => raised++;
        _server.Dispatch("alice", _table.Draw());
        _room.Deliver();
        Assert.Equal(1, raised);
    }

    private (TestClient Client, ClientProjection<TableView> State) Link(string name)
    {
        ClientProjection<TableView>? state = null;
        TestClient client = _room.Link(name, client => state = client.AddProjection("table", _table.Model));
        return (client, state!);
    }
}
