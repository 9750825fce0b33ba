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
        var note = new Note("note-0001", 10, 20, "milk", NoteColor.Yellow);
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
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(PersonOf(bob, "tab-ann1"), PersonOf(bob, "tab-ann2"));
        Assert.NotEqual(PersonOf(bob, "tab-ann1").Id, PersonOf(bob, "tab-bob").Id);
        Assert.DoesNotContain(bob.Received, static frame => frame.Contains(AnnsKey, StringComparison.Ordinal));

        TestRequest renaming = ann.Request(Profile.Type, new Profile(" Anna ", PersonColor.Rose));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("Anna", renaming.Answer<Person>()!.Name);
        Assert.All(["tab-ann1", "tab-ann2"], tab => Assert.Equal(("Anna", PersonColor.Rose), (PersonOf(bob, tab).Name, PersonOf(bob, tab).Color)));
        Assert.Equal("Bob", PersonOf(bob, "tab-bob").Name);
    }

    [Theory]
    [InlineData("", "red")]
    [InlineData("  ", "red")]
    [InlineData(null, "red")]
    [InlineData("Ann", "black")]
    [InlineData("Ann", null)]
    [InlineData("Ann", 3)]
    [InlineData("a name that has more than forty characters", "red")]
    [InlineData("Ann\u202e", "red")]
    [InlineData("\u200b\u200d", "red")]
    [InlineData("Ann\nBob", "red")]
    [InlineData("\u0301", "red")]
    [InlineData("A\u0301\u0301\u0301\u0301\u0301", "red")]
    public void Profiles_AreWithinTheirBounds(string? name, object? color)
    {
        Assert.NotNull(_room.Link("tab-ann1", auth: Auth(AnnsKey, ProfileOf(name, color))).Rejection);
        TestRequest renaming = _room.Link("tab-ann2", auth: Auth(AnnsKey, "Ann")).Request(Profile.Type, ProfileOf(name, color));
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
    public void Names_OfAllKindsOfPeopleAreWelcome() => Assert.All(
        ["Ann", "Jean-Luc O’Neil", "李小龍", "محمد علي", "Zoë", "A\u0301da", "प्रिया", "🂡 Bob"], name => Assert.Equal(name, Person.Of(Auth(AnnsKey, name)).Name));

    [Fact]
    public void Person_HasSoManyTabs()
    {
        for (int i = 0; i < 8; i++)
            Assert.Null(_room.Link($"tab-ann{i}", auth: Auth(AnnsKey, "Ann")).Rejection);
        Assert.Contains("you have 8 tabs", _room.Link("tab-ann9", auth: Auth(AnnsKey, "Ann")).Rejection);
        Assert.Null(_room.Link("tab-bob", auth: Auth(BobsKey, "Bob")).Rejection);
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
        Pass(TimeSpan.FromSeconds(119));
        Assert.Contains(bob.Users, static user => user.Name == "tab-ann");
        Pass(TimeSpan.FromSeconds(1.5));
        Assert.DoesNotContain(bob.Users, static user => user.Name == "tab-ann");
    }

    private void Pass(TimeSpan time)
    {
        _room.Advance(time);
        _room.Deliver();
    }

    private static string Auth(string key, string? name) => Auth(key, ProfileOf(name, "red"));

    private static string Auth(string key, JsonObject profile) => new JsonObject { ["key"] = key, ["profile"] = profile }.ToJsonString();

    private static JsonObject ProfileOf(string? name, object? color) => new() { ["name"] = name, ["color"] = color is int number ? number : (string?)color };

    private static Person PersonOf(TestClient client, string username) =>
        client.Users.Single(user => user.Name == username).Meta!.Deserialize<Person>()!;

    private static KrmxOptions Options()
    {
        var options = new KrmxOptions();
        BoardRoom.SetLimits(options);
        return options;
    }
}
