using System.ComponentModel.DataAnnotations;
using Krmx.Testing;

namespace Krmx.State.Tests;

public sealed class ModelTests
{
    [Fact]
    public void When_OfATypeThatIsThere_IsRefused()
    {
        var stream = new BoardModel();
        Assert.Contains("'clear'", Assert.Throws<KrmxException>(() => stream.Model.When("clear", static (board, _) => board)).Message, StringComparison.Ordinal);
        var table = new TableModel();
        Assert.Throws<KrmxException>(() => table.Model.When("draw", static (table, _) => table));
    }

    [Fact]
    public void When_AfterTheFirstAttach_IsRefused()
    {
        var stream = new BoardModel();
        new TestRoom().Room.AddStream("board", stream.Model);
        Assert.Contains("in use", Assert.Throws<KrmxException>(() => stream.Model.When("new", static (board, _) => board)).Message, StringComparison.Ordinal);

        var table = new TableModel();
        TestRoom room = new();
        room.Open();
        room.Connect().AddProjection("table", table.Model);
        Assert.Throws<KrmxException>(() => table.Model.When("new", static (table, _) => table));
    }

    [Fact]
    public void Attaching_ADomainTwice_IsRefused()
    {
        TestRoom room = new();
        var model = new BoardModel();
        room.Room.AddStream("board", model.Model);
        Assert.Contains("'board'", Assert.Throws<KrmxException>(() => room.Room.AddStream("board", model.Model)).Message, StringComparison.Ordinal);
        room.Room.AddProjection("board", new TableModel().Model); // another kind has names of its own
        Assert.Throws<ArgumentException>(() => room.Room.AddStream("", model.Model));
    }

    [Fact]
    public void Attaching_ToARoomWithUsers_SendsThemTheState()
    {
        TestRoom room = new();
        room.Open();
        TestClient ann = room.Link("ann");
        room.Room.AddAtoms().Set("key", 1);
        room.Room.AddProjection("table", new TableModel().Model);
        var board = new BoardModel();
        ServerStream<Board> stream = room.Room.AddStream("board", board.Model);
        stream.Dispatch("server", board.Clear());
        room.Deliver();
        Assert.Equal(["atom/set", "projection/set", "stream/append"], ann.Received.TakeLast(3).Select(static frame => frame.Split('"')[3]));
    }

    [Fact]
    public void Dispatch_OfATypeThatIsUnknown_IsAMistakeInTheProgram()
    {
        TestRoom room = new();
        ServerStream<Board> stream = room.Room.AddStream("board", new BoardModel().Model);
        Assert.Contains("'unknown'", Assert.Throws<KrmxException>(() => stream.Dispatch("server", new KrmxAction("unknown"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispatch_WhileNotLinked_SendsNothing()
    {
        TestRoom room = new();
        room.Open();
        TestClient client = room.Connect();
        var board = new BoardModel();
        ClientStream<Board> stream = client.AddStream("board", board.Model);
        DispatchResult? result = null;
        stream.Dispatch(board.Clear(), answer => result = answer);
        Assert.Equal(DispatchStatus.NotLinked, result?.Status);
        Assert.False(client.DeliverToServer());
    }

    [Fact]
    public void Apply_IsAFunction()
    {
        var board = new BoardModel();
        Assert.Equal(["ann: a", "ann: a"], board.Model.Apply(Board.Empty, "ann", board.Add(new Note("a", 2))).Notes);
        Assert.Throws<KrmxRefusedException>(() => board.Model.Apply(Board.Empty, "ann", board.Add(new Note("a", 9))));
        var table = new TableModel();
        Assert.Throws<KrmxRefusedException>(() => table.Model.Apply(Table.Of(0), "ann", table.Draw()));
    }

    [Fact]
    public void Annotations_OfATypeWithoutAny_AreAMistakeInTheProgram() => Assert.Throws<ArgumentException>(() => Annotations.Of<Card>());

    [Fact]
    public void Annotations_OfProperties_AreLookedAt()
    {
        Func<Rating, string?> validate = Annotations.Of<Rating>();
        Assert.Null(validate(new Rating { Stars = 5 }));
        Assert.Contains("Stars", validate(new Rating { Stars = 6 }), StringComparison.Ordinal);
    }

    [Fact]
    public void ViewType_ThatIsUnknownToTheContext_IsRefusedAtOnce() => Assert.Throws<NotSupportedException>(
        () => new ProjectionModel<int, Table>(0, static (_, _) => Table.Of(1), BoardJson.Default.Options));

    [Fact]
    public void OptimisticLifetime_OutOfRange_IsNamed()
    {
        TestRoom room = new();
        room.Open();
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => room.Connect().AddAtoms(new LiveOptions { OptimisticLifetime = TimeSpan.Zero }));
        Assert.Contains("OptimisticLifetime", error.Message, StringComparison.Ordinal);
    }

    private sealed class Rating
    {
        [Range(1, 5)]
        public int Stars { get; set; }
    }
}
