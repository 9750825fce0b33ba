using Krmx.Testing;

namespace Krmx.State.Tests;

public sealed class StreamTests
{
    private readonly TestRoom _room = new();
    private readonly BoardModel _board = new();
    private readonly List<DispatchResult> _results = [];

    [Fact]
    public void Append_ReachesEverybodyInOrder()
    {
        ServerStream<Board> server = Open();
        (TestClient alice, ClientStream<Board> alices) = Link("alice");
        (TestClient bob, ClientStream<Board> bobs) = Link("bob");

        alices.Dispatch(_board.Add(new Note("one")), _results.Add);
        bobs.Dispatch(_board.Add(new Note("two")));
        Assert.Equal(["alice: one"], alices.State.Notes);
        Assert.Equal(["bob: two"], bobs.State.Notes);
        _room.Deliver();

        Assert.Equal(["alice: one", "bob: two"], server.State.Notes);
        Assert.Equal(server.State.Notes, alices.State.Notes);
        Assert.Equal(server.State.Notes, bobs.State.Notes);
        Assert.Equal([new DispatchResult(DispatchStatus.Accepted)], _results);
        const string Appended = """{"type":"stream/append","payload":{"domain":"board","dispatcher":"alice","event":{"type":"add","payload":{"text":"one","copies":1}}""";
        Assert.Contains(Appended + "}}", bob.Received);
        Assert.Contains(Appended + ""","optimisticId":"alice/1"}}""", alice.Received);
    }

    [Fact]
    public void Link_SendsTheWholeLogInOrder()
    {
        ServerStream<Board> server = Open();
        server.Dispatch("server", _board.Add(new Note("one")));
        server.Dispatch("server", _board.Clear());
        server.Dispatch("server", _board.Add(new Note("two")));

        (TestClient alice, ClientStream<Board> alices) = Link("alice");

        Assert.Equal(["server: two"], alices.State.Notes);
        Assert.Equal(3, alice.Received.Count(frame => frame.Contains("stream/append", StringComparison.Ordinal)));
        Assert.Equal(3, server.Count);
    }

    [Fact]
    public void Relink_AfterADrop_ShowsTheLogOnce()
    {
        Open();
        (TestClient alice, ClientStream<Board> alices) = Link("alice");
        alices.Dispatch(_board.Add(new Note("one")));
        _room.Deliver();
        alices.Dispatch(_board.Add(new Note("lost")), _results.Add);
        alice.Resumes = false;
        alice.Drop();
        Assert.Equal(["alice: one"], alices.State.Notes);
        Assert.False(alices.IsLive);
        Assert.Equal([new DispatchResult(DispatchStatus.Unlinked)], _results);

        alice.Connect();
        alice.Link("alice");
        _room.Deliver();

        Assert.Equal(["alice: one"], alices.State.Notes);
        Assert.True(alices.IsLive);
    }

    [Fact]
    public void Return_AfterADrop_AppendsWhatWasLostOnTheWay_Once()
    {
        ServerStream<Board> server = Open();
        (TestClient alice, ClientStream<Board> alices) = Link("alice");
        alices.Dispatch(_board.Add(new Note("one")));
        _room.Deliver();
        alices.Dispatch(_board.Add(new Note("two")), _results.Add);
        alice.Drop();
        alices.Dispatch(_board.Add(new Note("three")), _results.Add);
        server.Dispatch("server", _board.Add(new Note("meanwhile")));

        alice.Return();

        Assert.Equal(["alice: one", "server: meanwhile", "alice: two", "alice: three"], alices.State.Notes);
        Assert.Equal([new DispatchResult(DispatchStatus.Accepted), new DispatchResult(DispatchStatus.Accepted)], _results);
        Assert.True(alices.IsLive);
    }

    [Fact]
    public void Append_WithARefusedPayload_IsNotSentByAClientOfOurs()
    {
        Open();
        (TestClient alice, ClientStream<Board> alices) = Link("alice");
        alices.Dispatch(_board.Add(new Note("much too long a text")), _results.Add);
        Assert.False(alice.DeliverToServer());
        Assert.Equal(DispatchStatus.Refused, Assert.Single(_results).Status);
        Assert.Contains("Text", _results[0].Reason, StringComparison.Ordinal);
        Assert.Empty(alices.State.Notes);
    }

    [Theory]
    [InlineData("""{"domain":"board","dispatcher":"bob","optimisticId":"x","event":{"type":"add","payload":{"text":"","copies":1}}}""", "The Text field is required.")]
    [InlineData("""{"domain":"board","dispatcher":"bob","optimisticId":"x","event":{"type":"add","payload":{"text":7}}}""", "the payload is of another type")]
    [InlineData("""{"domain":"board","dispatcher":"bob","optimisticId":"x","event":{"type":"add"}}""", "the action needs a payload")]
    [InlineData("""{"domain":"board","dispatcher":"bob","optimisticId":"x","event":{"type":"clear","payload":1}}""", "the action takes no payload")]
    [InlineData("""{"domain":"board","dispatcher":"bob","optimisticId":"x","event":{"type":"toString"}}""", "there is no such type of action")]
    public void Append_ThatIsRefused_IsAnsweredToItsSenderAlone(string payload, string reason)
    {
        ServerStream<Board> server = Open();
        (TestClient alice, _) = Link("alice");
        (TestClient bob, _) = Link("bob");
        int before = bob.Received.Count;
        alice.Send(KrmxMessage.FromJson("stream/append", System.Text.Encoding.UTF8.GetBytes(payload)));
        _room.Deliver();

        Assert.Equal(
            $$$"""{"type":"stream/invalidate","payload":{"domain":"board","optimisticId":"x","reason":"{{{reason}}}"}}""",
            alice.Received[^1]);
        Assert.Equal(before, bob.Received.Count);
        Assert.Equal(0, server.Count);
    }

    [Fact]
    public void Append_InAnotherUsersName_CountsAsTheSenders()
    {
        ServerStream<Board> server = Open();
        (TestClient alice, _) = Link("alice");
        alice.Send(KrmxMessage.FromJson(
            "stream/append", """{"domain":"board","dispatcher":"bob","event":{"type":"add","payload":{"text":"hi"}}}"""u8.ToArray()));
        _room.Deliver();
        Assert.Equal(["alice: hi"], server.State.Notes);
    }

    [Fact]
    public void Append_WhoseHandlerThrows_StaysInTheLogAndChangesNothing()
    {
        ServerStream<Board> server = Open();
        (_, ClientStream<Board> alices) = Link("alice");
        alices.Dispatch(_board.Break(), _results.Add);
        _room.Deliver();
        Assert.Equal(1, server.Count);
        Assert.Same(Board.Empty, server.State);
        Assert.Same(Board.Empty, alices.State);
        Assert.True(Assert.Single(_results).IsAccepted);
        Assert.All(_room.Failures, failure => Assert.Equal("broken", failure.Message));
    }

    [Fact]
    public void Append_ThatGetsNoAnswer_ShowsUntilItExpires()
    {
        Open();
        (TestClient alice, ClientStream<Board> alices) = Link("alice");
        alices.Dispatch(_board.Add(new Note("slow")), _results.Add);
        _room.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Single(alices.State.Notes);
        _room.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Empty(alices.State.Notes);
        Assert.Equal([new DispatchResult(DispatchStatus.Expired)], _results);

        _room.Deliver(); // the answer comes after all: the event counts, and nobody is told twice
        Assert.Equal(["alice: slow"], alices.State.Notes);
        Assert.Single(_results);
        Assert.True(alice.IsConnected);
    }

    [Fact]
    public void Append_ToAFullLog_IsRefused()
    {
        Open(new StreamOptions { MaxLogBytes = 140 });
        (_, ClientStream<Board> alices) = Link("alice");
        alices.Dispatch(_board.Add(new Note("one")), _results.Add);
        alices.Dispatch(_board.Clear(), _results.Add);
        _room.Deliver();
        Assert.Equal([new DispatchResult(DispatchStatus.Accepted), new DispatchResult(DispatchStatus.Refused, "the stream is full")], _results);
        Assert.Equal(["alice: one"], alices.State.Notes);
    }

    [Fact]
    public void LastLeave_EmptiesTheLogWhereItIsToldTo()
    {
        ServerStream<Board> server = Open(new StreamOptions { ClearsWhenEmpty = true });
        (TestClient alice, ClientStream<Board> alices) = Link("alice");
        (TestClient bob, _) = Link("bob");
        alices.Dispatch(_board.Add(new Note("one")));
        alice.Leave();
        _room.Deliver();
        Assert.Single(server.State.Notes);
        bob.Leave();
        _room.Deliver();
        Assert.Empty(server.State.Notes);
        Assert.Equal(0, server.Count);
    }

    [Fact]
    public void Dispose_DetachesTheStream()
    {
        ServerStream<Board> server = Open();
        (_, ClientStream<Board> alices) = Link("alice");
        server.Dispose();
        alices.Dispatch(_board.Add(new Note("one")));
        server.Dispatch("server", _board.Add(new Note("two")));
        _room.Deliver();
        Assert.Equal(["alice: one"], alices.State.Notes);
        Assert.Contains(_room.Refusals, refusal => refusal.Contains("There is no domain 'board'", StringComparison.Ordinal));
        _room.Room.AddStream("board", _board.Model);
    }

    [Fact]
    public void Handler_ThatDispatches_IsStopped()
    {
        ServerStream<int>? server = null;
        var model = new StreamModel<int>(0);
        Func<KrmxAction> again = model.When("again", (state, _) => server!.Dispatch("server", new KrmxAction("again")).IsAccepted ? 1 : 2);
        server = _room.Room.AddStream("loop", model);
        _room.Open();
        Assert.True(server.Dispatch("server", again()).IsAccepted);
        Assert.Contains("must not dispatch", Assert.Single(_room.Failures).Message, StringComparison.Ordinal);
        Assert.Equal(0, server.State);
        Assert.Equal(1, server.Count);
    }

    private ServerStream<Board> Open(StreamOptions? options = null)
    {
        ServerStream<Board> server = _room.Room.AddStream("board", _board.Model, options);
        _room.Open();
        return server;
    }

    private (TestClient Client, ClientStream<Board> State) Link(string name)
    {
        ClientStream<Board>? state = null;
        TestClient client = _room.Link(name, client => state = client.AddStream("board", _board.Model));
        return (client, state!);
    }
}
