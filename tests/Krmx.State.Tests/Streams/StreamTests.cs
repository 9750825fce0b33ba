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
    public void Append_ToAFullLogThatHasASnapshot_CutsIt()
    {
        _board.Model.SnapshotAs("board");
        ServerStream<Board> server = Open(new StreamOptions { MaxLogBytes = 400 });
        (_, ClientStream<Board> alices) = Link("alice");
        for (int i = 0; i < 100; i++)
        {
            if (i % 3 == 2)
                alices.Dispatch(_board.Clear(), _results.Add);
            alices.Dispatch(_board.Add(new Note($"{i}")), _results.Add);
            _room.Deliver();
            Assert.InRange(server.Count, 1, 4);
        }

        Assert.All(_results, static result => Assert.True(result.IsAccepted));
        (TestClient bob, ClientStream<Board> bobs) = Link("bob");
        Assert.Equal(["alice: 98", "alice: 99"], bobs.State.Notes);
        Assert.Equal(alices.State.Notes, bobs.State.Notes);
        string[] log = [.. bob.Received.Where(static frame => frame.Contains("stream/append", StringComparison.Ordinal))];
        Assert.Equal(server.Count, log.Length);
        Assert.True(log.Sum(static frame => frame.Length) <= 400);
        Assert.StartsWith("""{"type":"stream/append","payload":{"domain":"board","dispatcher":"","event":{"type":"board","payload":{"notes":[""", log[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Append_WhereTheStateHasOutgrownHalfOfTheLog_IsRefused()
    {
        _board.Model.SnapshotAs("board");
        ServerStream<Board> server = Open(new StreamOptions { MaxLogBytes = 400 });
        int accepted = 0;
        while (server.Dispatch("server", _board.Add(new Note("0123456789"))).IsAccepted)
            accepted++;

        Assert.Equal(new DispatchResult(DispatchStatus.Refused, "the stream is full"), server.Dispatch("server", _board.Clear()));
        Assert.Equal(accepted, server.State.Notes.Length);
        Assert.Empty(_room.Failures);
    }

    /// <summary>Where a smaller event still has its place, and makes the state small enough.</summary>
    [Fact]
    public void Append_WhereTheStateIsSmallAgain_CutsTheLog()
    {
        int cleared = 0;
        for (int max = 400; max < 800; max += 10)
        {
            var room = new TestRoom();
            var board = new BoardModel();
            board.Model.SnapshotAs("board");
            ServerStream<Board> server = room.Room.AddStream("board", board.Model, new StreamOptions { MaxLogBytes = max });
            room.Open();
            while (server.Dispatch("server", board.Add(new Note("0123456789"))).IsAccepted)
            {
            }
            if (!server.Dispatch("server", board.Clear()).IsAccepted)
                continue;
            cleared++;
            Assert.True(server.Dispatch("server", board.Add(new Note("new"))).IsAccepted, $"at {max} bytes");
        }
        Assert.True(cleared > 3, $"{cleared}");
    }

    [Fact]
    public void Snapshot_IsTheServersOwn()
    {
        _board.Model.SnapshotAs("board");
        ServerStream<Board> server = Open();
        (_, ClientStream<Board> alices) = Link("alice");
        var forged = KrmxAction.Create("board", new Board(["alice: forged"]), BoardJson.Default.Board);

        alices.Dispatch(forged, _results.Add);
        _room.Deliver();

        Assert.Equal([new DispatchResult(DispatchStatus.Refused, "only the server appends a snapshot")], _results);
        Assert.Empty(alices.State.Notes);
        Assert.Contains("it is the snapshot", Assert.Throws<KrmxException>(() => server.Dispatch("server", forged)).Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Count);
    }

    [Fact]
    public void Snapshot_OfAStateThatIsNotWhatItsJsonSays_IsReportedAndTheStreamFull()
    {
        var model = new StreamModel<Secretive>(new Secretive());
        Func<KrmxAction> count = model.When("count", static (state, _) => state.Next());
        model.SnapshotAs("counted");
        ServerStream<Secretive> server = _room.Room.AddStream("secret", model, new StreamOptions { MaxLogBytes = 300 });
        _room.Open();
        int accepted = 0;
        while (server.Dispatch("server", count()).IsAccepted)
            accepted++;
        server.Dispatch("server", count());

        Assert.Equal(accepted, server.Count);
        Assert.Contains("its state, read from its JSON, is another one", Assert.Single(_room.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SnapshotAs_IsCalledOnceAndBeforeTheFirstAttach()
    {
        Assert.Contains("of that type already", Assert.Throws<KrmxException>(() => _board.Model.SnapshotAs("add")).Message, StringComparison.Ordinal);
        _board.Model.SnapshotAs("board");
        Assert.Contains("a snapshot already", Assert.Throws<KrmxException>(() => _board.Model.SnapshotAs("again")).Message, StringComparison.Ordinal);
        Open();
        Assert.Throws<KrmxException>(() => new BoardModel().Model.SnapshotAs("clear"));
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

    /// <summary>Counts in a field, which is not written.</summary>
    private sealed class Secretive
    {
        private readonly int _count;

        public Secretive()
        {
        }

        private Secretive(int count) => _count = count;

        public int Count => _count;

        public Secretive Next() => new(_count + 1);
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
