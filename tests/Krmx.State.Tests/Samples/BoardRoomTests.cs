using System.Text.Json.Nodes;
using Krmx;
using Krmx.State;
using Krmx.Testing;

namespace Boards.Tests;

/// <summary>The room of the board sample: who may be whom, what others see of a person, and how long a user stays.</summary>
public sealed class BoardRoomTests
{
    private const string AnnsKey = "the key that only the browser of ann knows";
    private const string BobsKey = "the key that only the browser of bob knows";

    private readonly TestRoom _room = TestRoom.For<BoardRoom>(options: Options()).Open();

    [Fact]
    public void Contract_IsTheCommittedOne() =>
        ContractCheck.Verify(RepositoryFile.Path("samples/Board/contract.json"), _room.DescribeContract("/krmx/{room}", "Board"));

    [Fact]
    public void Notes_ReachEverybodyAndRefusalsOnlyTheOneWhoAsked()
    {
        ClientProjection<Board>? anns = null, bobs = null;
        _room.Link("tab-ann", client => anns = client.AddProjection("board", BoardModel.Model), Auth(AnnsKey, "Ann"));
        _room.Link("tab-bob", client => bobs = client.AddProjection("board", BoardModel.Model), Auth(BobsKey, "Bob"));
        var note = new Note("note-0001", 10, 20, "milk", "yellow");
        anns!.Dispatch(BoardModel.Add(note));
        _room.Deliver();
        Assert.Equal([note], bobs!.View!.Notes);

        DispatchResult? result = null;
        bobs.Dispatch(BoardModel.Move(new("note-0002", 0, 0)), answer => result = answer);
        _room.Deliver();
        Assert.Equal("somebody has deleted the note", result?.Reason);
        Assert.Empty(_room.Failures);
    }

    [Fact]
    public void Tabs_OfOneBrowserAreOnePersonWhoseNameIsOne()
    {
        TestClient bob = _room.Link("tab-bob", auth: Auth(BobsKey, "Bob"));
        TestClient ann = _room.Link("tab-ann1", auth: Auth(AnnsKey, "Ann"));
        _room.Link("tab-ann2", auth: Auth(AnnsKey, "Ann"));
        Assert.Equal(PersonOf(bob, "tab-ann1"), PersonOf(bob, "tab-ann2"));
        Assert.NotEqual(PersonOf(bob, "tab-ann1").Id, PersonOf(bob, "tab-bob").Id);
        Assert.DoesNotContain(bob.Received, static frame => frame.Contains(AnnsKey, StringComparison.Ordinal));

        TestRequest renaming = ann.Request(Profile.Type, new Profile(" Anna ", "rose"));
        _room.Deliver();
        Assert.Equal("Anna", renaming.Answer<Person>()!.Name);
        Assert.All(["tab-ann1", "tab-ann2"], tab => Assert.Equal(("Anna", "rose"), (PersonOf(bob, tab).Name, PersonOf(bob, tab).Color)));
        Assert.Equal("Bob", PersonOf(bob, "tab-bob").Name);
    }

    [Theory]
    [InlineData("", "red")]
    [InlineData("  ", "red")]
    [InlineData(null, "red")]
    [InlineData("Ann", "black")]
    [InlineData("Ann", null)]
    [InlineData("a name that has more than forty characters", "red")]
    public void Profiles_AreWithinTheirBounds(string? name, string? color)
    {
        Assert.NotNull(_room.Link("tab-ann1", auth: Auth(AnnsKey, name, color)).Rejection);
        TestRequest renaming = _room.Link("tab-ann2", auth: Auth(AnnsKey, "Ann")).Request(Profile.Type, new Profile(name!, color!));
        _room.Deliver();
        Assert.NotNull(renaming.Refusal);
        Assert.Empty(_room.Failures);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"key":"a key that is long enough"}""")]
    [InlineData("""{"key":"short","profile":{"name":"Ann","color":"red"}}""")]
    public void Links_NeedAKeyAndAProfile(string? auth)
    {
        Assert.Equal("open the board in a browser", _room.Link("tab-ann", auth: auth).Rejection);
        Assert.Empty(_room.Failures);
    }

    [Fact]
    public void SomebodyElsesTab_IsNotToBeHad()
    {
        _room.Link("tab-ann", auth: Auth(AnnsKey, "Ann")).Drop();
        Assert.Equal("this is somebody else's tab", _room.Link("tab-ann", auth: Auth(BobsKey, "Ann")).Rejection);
        Assert.Null(_room.Link("tab-ann", auth: Auth(AnnsKey, "Ann")).Rejection);
    }

    [Fact]
    public void Pointers_GoToTheOthersAndStayOnTheBoard()
    {
        TestClient ann = _room.Link("tab-ann", auth: Auth(AnnsKey, "Ann"));
        TestClient bob = _room.Link("tab-bob", auth: Auth(BobsKey, "Bob"));
        Pointed? pointed = null;
        bob.OnMessage<Pointed>(Pointed.Type, message => pointed = message);
        ann.OnMessage<Pointed>(Pointed.Type, static _ => Assert.Fail("It is ann's own."));
        ann.Send(Point.Type, new Point(100.5, 200));
        _room.Deliver();
        Assert.Equal(new Pointed("tab-ann", 100.5, 200), pointed);

        ann.Send(KrmxMessage.FromJson(Point.Type, """{"x":1e999,"y":-1e999}"""u8.ToArray()));
        _room.Deliver();
        Assert.Equal(new Pointed("tab-ann", Board.Width, 0), pointed);
        Assert.Empty(_room.Failures);
    }

    [Fact]
    public void WhoIsAwayForTwoMinutes_Leaves()
    {
        _room.Link("tab-ann", auth: Auth(AnnsKey, "Ann")).Drop();
        TestClient bob = _room.Link("tab-bob", auth: Auth(BobsKey, "Bob"));
        _room.Advance(TimeSpan.FromSeconds(119));
        _room.Deliver();
        Assert.Contains(bob.Users, static user => user.Name == "tab-ann");
        _room.Advance(TimeSpan.FromSeconds(1));
        _room.Deliver();
        Assert.DoesNotContain(bob.Users, static user => user.Name == "tab-ann");
    }

    private static string Auth(string key, string? name, string? color = "red") =>
        new JsonObject { ["key"] = key, ["profile"] = new JsonObject { ["name"] = name, ["color"] = color } }.ToJsonString();

    private static Person PersonOf(TestClient client, string username) =>
        client.Users.Single(user => user.Name == username).Meta!.Deserialize<Person>()!;

    private static KrmxOptions Options()
    {
        var options = new KrmxOptions();
        BoardRoom.SetLimits(options);
        return options;
    }
}
