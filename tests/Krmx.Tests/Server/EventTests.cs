namespace Krmx.Tests.Server;

/// <summary>Events: their order, typed messages, subscriptions, and listeners that fail.</summary>
public sealed class EventTests
{
    [Fact]
    public void Listeners_AreCalledInTheOrderTheyCame_GeneralOnesBeforeThoseOfAType()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnMessage("a", (_, _) => server.Add("of type, first"));
        server.Server.OnMessage("a", (_, _) => server.Add("of type, second"));
        server.Server.OnMessage("b", (_, _) => server.Add("of another type"));
        server.Server.OnMessage((_, _) => server.Add("any, second"));
        server.Type(1, "a");
        Assert.Equal(["""message alice {"type":"a"}""", "any, second", "of type, first", "of type, second"], server.Take());
    }

    [Fact]
    public void TypedListener_GetsThePayload()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnMessage<int[]>("a", (user, payload) => server.Add($"{user.Name} {string.Join('+', payload)}"));
        server.Receive(1, """{"type":"a","payload":[1,2]}""");
        Assert.Equal(["""message alice {"type":"a","payload":[1,2]}""", "alice 1+2"], server.Take());
    }

    [Theory]
    [InlineData("""{"type":"a"}""")]
    [InlineData("""{"type":"a","payload":null}""")]
    [InlineData("""{"type":"a","payload":"1"}""")]
    [InlineData("""{"type":"a","payload":[1,{}]}""")]
    public void TypedListener_OfAnotherPayload_IsNotCalled(string frame)
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnMessage<int[]>("a", (_, _) => server.Add("called"));
        server.Server.OnMessage("a", (_, _) => server.Add("the next one is"));
        server.Receive(1, frame);
        Assert.Equal([$"message alice {frame}", "refused alice a", "the next one is"], server.Take());
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void TypedListener_OfALoneSurrogate_IsNotCalled()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnMessage<string>("a", (_, _) => server.Add("called"));
        server.Receive(1, """{"type":"a","payload":"\ud800"}""");
        Assert.Equal(["""message alice {"type":"a","payload":"\ud800"}""", "refused alice a"], server.Take());
    }

    [Fact]
    public void ListenerOfAReservedType_IsRefused()
    {
        var server = new RecordedServer();
        Assert.Throws<ArgumentException>(() => server.Server.OnMessage("krmx/link", (_, _) => { }));
        Assert.Throws<ArgumentException>(() => server.Server.OnMessage<int>("krmx/link", (_, _) => { }));
    }

    [Fact]
    public void Subscription_EndsWhenDisposed_OnceAndAlone()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        Action<KrmxUser> listener = user => server.Add($"also {user.Name}");
        IDisposable first = server.Server.OnJoin(listener);
        IDisposable second = server.Server.OnJoin(listener);
        server.Server.Join("bob");
        Assert.Equal(["1: joined bob", "join bob", "also bob", "also bob"], server.Take());
        first.Dispose();
        first.Dispose();
        server.Server.Join("carol");
        Assert.Equal(["1: joined carol", "join carol", "also carol"], server.Take());
        second.Dispose();
        server.Server.Join("dave");
        Assert.Equal(["1: joined dave", "join dave"], server.Take());
    }

    [Fact]
    public void Subscription_EndedInsideItsOwnEvent_LetsTheOthersHearIt()
    {
        var server = new RecordedServer();
        IDisposable? own = null;
        own = server.Server.OnJoin(_ => own!.Dispose());
        server.Server.OnJoin(user => server.Add($"after {user.Name}"));
        server.Server.OnJoin(user => server.Server.OnJoin(later => server.Add($"added at {user.Name}, hears {later.Name}")));
        server.Server.Join("alice");
        Assert.Equal(["join alice", "after alice"], server.Take());
        server.Server.Join("bob");
        Assert.Equal(["join bob", "after bob", "added at alice, hears bob"], server.Take());
    }

    [Fact]
    public void Reentrant_CallsTakeEffectAtOnce_AndTheirEventsFollow()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnJoin(user =>
        {
            if (user.Name != "bob")
                return;
            server.Server.Join("carol");
            server.Add($"there are {server.Users}");
            server.Server.Kick("bob");
            server.Add($"there are {server.Users}");
        });
        server.Server.OnJoin(user => server.Add($"second hears {user.Name}"));
        server.Server.Join("bob");
        Assert.Equal(
            [
                "1: joined bob", "join bob", "1: joined carol", "there are alice* bob carol", "1: left bob", "there are alice* carol",
                "second hears bob", "join carol", "second hears carol", "leave bob",
            ],
            server.Take());
    }

    [Fact]
    public void MessageEvent_ComesEvenWhereAnEarlierListenerUnlinkedTheUser()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnMessage((user, _) => server.Server.Unlink(user.Name));
        server.Server.OnMessage("a", (user, _) => server.Add($"{user}"));
        server.Type(1, "a");
        Assert.Equal(
            ["""message alice {"type":"a"}""", "1: unlinked alice", "alice (unlinked)", "unlink alice Application"], server.Take());
    }

    [Fact]
    public void OpenListener_MayCall()
    {
        var server = new RecordedServer(isOpen: false);
        server.Server.OnOpen(() => server.Server.Join("alice"));
        server.Input.Open();
        Assert.Equal(["open", "join alice"], server.Take());
    }

    [Fact]
    public void UserWhoComesBack_IsAnother()
    {
        var server = new RecordedServer();
        KrmxUser first = server.Server.Join("alice");
        server.Server.Kick("alice");
        Assert.NotSame(first, server.Server.Join("alice"));
    }
}
