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
        _server = _room.AddProjection("table", _table.Model);
        _room.Listen();
        (_alice, _alices) = Link("alice");
        (_bob, _bobs) = Link("bob");
    }

    [Fact]
    public void Link_ShowsEachUserTheirView()
    {
        Assert.Equal(10, _alices.View!.DeckSize);
        Assert.True(_alices.IsLive);
        Assert.Equal("""{"type":"projection/set","payload":{"domain":"table","projection":{"deckSize":10,"players":[],"hand":[],"pile":[]}}}""", _bob.Received[^1]);
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

    private (TestClient Client, ClientProjection<TableView> State) Link(string name)
    {
        ClientProjection<TableView>? state = null;
        TestClient client = _room.Link(name, client => state = client.AddProjection("table", _table.Model));
        return (client, state!);
    }
}
