using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.State.Game;
using Krmx.FunctionalTests.State.Harness;
using Krmx.State;

namespace Krmx.FunctionalTests.State;

/// <summary>What the .NET client is told of its dispatches by a server with npm's @krmx/state, which echoes no ids but those of projections.</summary>
public sealed class NpmDispatchTests
{
    private static readonly DispatchResult Accepted = new(DispatchStatus.Accepted);
    private static readonly DispatchResult Released = new(DispatchStatus.Released);

    [Fact]
    public async Task Actions_AreAcceptedOrReleased()
    {
        await using NpmGameServer server = await NpmGameServer.StartAsync(relays: false);
        await using var alice = new KrmxClient();
        ClientProjection<TableView> table = alice.AddProjection(Table.Domain, Table.Model);
        var notes = new List<string?>();
        table.OnChange(view => notes.Add(view?.Note));
        await LinkAsync(alice, "alice", server.Uri);
        await Patience.Until(() => table.IsLive, "the view");

        Assert.Equal(Accepted, await table.DispatchAsync(Table.Draw()));
        Assert.Equal(Accepted, await table.DispatchAsync(Table.Note(new Note("true"))));
        Assert.Equal(Released, await table.DispatchAsync(Table.Cheat()));
        Assert.Equal("true", table.View!.Note);
        Assert.Equal(Released, await table.DispatchAsync(Table.Recycle()));
        Assert.Equal(Accepted, await table.DispatchAsync(Table.Play(new Play(table.View.Hand[0].Id))));
        Assert.Equal((0, 1), (table.View.Hand.Length, table.View.Pile.Length));
        Assert.Equal(["", "true", "cheated", "true"], notes.Where((note, i) => note is not null && (i == 0 || notes[i - 1] != note)));
    }

    [Fact]
    public async Task EventsAndAtoms_AreKnownAgainByWhatTheySay()
    {
        await using NpmGameServer server = await NpmGameServer.StartAsync(relays: false);
        await using var alice = new KrmxClient();
        await using var bob = new KrmxClient();
        ClientStream<Board> board = alice.AddStream(Board.Domain, Board.Model);
        ClientStream<Board> bobsBoard = bob.AddStream(Board.Domain, Board.Model);
        ClientAtoms atoms = alice.AddAtoms();
        var likes = new List<int>();
        board.OnChange(shown => likes.Add(shown.Likes.Values.Sum()));
        await LinkAsync(alice, "alice", server.Uri);
        await LinkAsync(bob, "bob", server.Uri);

        // All the same event, three times by one user and once by another.
        DispatchResult[] results = await Task.WhenAll(
            board.DispatchAsync(Board.Like()),
            bobsBoard.DispatchAsync(Board.Like()),
            board.DispatchAsync(Board.Like()),
            board.DispatchAsync(Board.Like()));
        Assert.All(results, static result => Assert.Equal(Accepted, result));
        Assert.Equal(Accepted, await board.DispatchAsync(Board.Add(new Amount(1e21))));
        Assert.Equal(Accepted, await board.DispatchAsync(Board.Post(new PostText("\u00e9\u2028</script>😀"))));
        Assert.Equal(Accepted, await board.DispatchAsync(Board.Remove(new PostIndex(7))));
        await Patience.Until(() => board.ConfirmedState.Likes.GetValueOrDefault("bob") == 1, "the like of the other");

        Assert.Equal((3, 1e21, 1), (board.State.Likes["alice"], board.State.Total, board.State.Posts.Length));
        Assert.Equal(likes.Order(), likes); // none vanished in between, and none counted twice
        Assert.Equal(4, likes[^1]);
        Assert.Equal(Accepted, await atoms.SetAsync("number", 0.1));
        Assert.Equal(Accepted, await atoms.SetAsync("text", "é\"\\😀"));
        Assert.Equal((0, 0), (board.PendingCount, atoms.PendingCount));
    }

    private static async Task LinkAsync(KrmxClient client, string username, Uri server)
    {
        await client.ConnectAsync(server);
        await client.LinkAsync(username);
    }
}
