using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>The host's side of the contract: a server's life, what is ignored, and what throws and changes nothing.</summary>
public sealed class InputTests
{
    private static readonly ConnectionId First = new(1);

    private static readonly Dictionary<string, Action<IRoomInput>> All = new()
    {
        ["Starting"] = input => input.Starting(),
        ["StartFailed"] = input => input.StartFailed(),
        ["Listening"] = input => input.Listening(1),
        ["Close"] = input => input.Close(),
        ["ConnectionOpened"] = input => input.ConnectionOpened(new ConnectionId(9)),
        ["FrameReceived"] = input => input.FrameReceived(First, InboundFrame.Invalid(1)),
        ["ConnectionClosed"] = input => input.ConnectionClosed(First),
        ["AuthenticationCompleted"] = input => input.AuthenticationCompleted(new AttemptId(1), LinkResult.Accept),
        ["AuthenticationTimedOut"] = input => input.AuthenticationTimedOut(new AttemptId(1)),
    };

    public static TheoryData<string> Inputs => [.. All.Keys];

    [Fact]
    public void Life_GoesThroughEveryStatus()
    {
        var server = new RecordedServer(listens: false);
        var seen = new List<RoomStatus> { server.Server.Status };
        foreach (string input in new[] { "Starting", "StartFailed", "Starting", "Listening" })
        {
            All[input](server.Input);
            seen.Add(server.Server.Status);
        }
        server.Open(1);
        server.Input.Close();
        seen.Add(server.Server.Status);
        server.Close(1);
        seen.Add(server.Server.Status);
        Assert.Equal(
            [
                RoomStatus.Initializing, RoomStatus.Starting, RoomStatus.Initializing, RoomStatus.Starting, RoomStatus.Listening,
                RoomStatus.Closing, RoomStatus.Closed,
            ],
            seen);
        Assert.Equal(["listen 1", "close 1 GoingAway", "close"], server.Take());
    }

    [Fact]
    public void Close_WithoutConnections_ClosesAtOnce()
    {
        var server = new RecordedServer();
        server.Server.Join("alice");
        server.Take();
        server.Input.Close();
        Assert.Equal(["leave alice", "close"], server.Take());
        Assert.Equal(RoomStatus.Closed, server.Server.Status);
    }

    [Fact]
    public void Close_WithACode_TellsItToThoseWhoComeTooLateAsWell()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Input.Close(CloseCode.ServiceRestart);
        server.Open(2);
        Assert.Equal(["close 1 ServiceRestart", "close 2 ServiceRestart"], server.Take().Where(effect => effect.StartsWith("close", StringComparison.Ordinal)));
    }

    [Fact]
    public void Close_EachConnectionHearsOfItsOwnUserAlone()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Server.Join("carol");
        server.Open(3);
        server.Authenticate = _ => null;
        server.Open(4);
        server.Link(4, "dave");
        server.Take();
        server.Input.Close();
        Assert.Equal(
            [
                "cancel", "1: unlinked alice", "1: left alice", "2: unlinked bob", "2: left bob",
                "close 1 GoingAway", "close 2 GoingAway", "close 3 GoingAway", "close 4 GoingAway",
                "unlink alice ServerClosing", "leave alice", "unlink bob ServerClosing", "leave bob", "leave carol",
            ],
            server.Take());
        for (int connection = 1; connection <= 4; connection++)
            server.Close(connection);
        Assert.Equal(["close"], server.Take());
        Assert.Equal((0, 0, 0), (server.Server.ConnectionCount, server.Server.LinkedCount, server.Server.Users.Count));
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void AnyInput_FromInsideAListener_ThrowsAndChangesNothing(string input)
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        Exception? thrown = null;
        server.Server.OnJoin(_ => thrown = Record.Exception(() => All[input](server.Input)));
        server.Server.Join("bob");
        Assert.IsType<InvalidOperationException>(thrown);
        Assert.Equal(["1: joined bob", "join bob"], server.Take());
        Assert.Equal("alice* bob", server.Users);
        Assert.Equal((RoomStatus.Listening, 1), (server.Server.Status, server.Server.ConnectionCount));
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void AnyInput_FromInsideAnOutput_Throws(string input)
    {
        var server = new RecordedServer();
        server.Open(1);
        Exception? thrown = null;
        server.Authenticate = _ =>
        {
            thrown = Record.Exception(() => All[input](server.Input));
            return LinkResult.Reject("later");
        };
        server.Link(1, "alice");
        Assert.IsType<InvalidOperationException>(thrown);
        Assert.Equal(["1: rejected later", "rejected 1 Authentication"], server.Take());
    }

    [Fact]
    public void SecondOpening_ThrowsAndChangesNothing()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        Assert.Throws<InvalidOperationException>(() => server.Open(1));
        Assert.Empty(server.Take());
        Assert.Equal("alice*", server.Users);
        server.Type(1, "a");
        Assert.Equal(["""message alice {"type":"a"}"""], server.Take());
    }

    [Theory]
    [InlineData("Starting")]
    [InlineData("StartFailed")]
    [InlineData("Listening")]
    public void LifeInput_InTheWrongStatus_ThrowsAndChangesNothing(string input)
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        Assert.Throws<KrmxException>(() => All[input](server.Input));
        Assert.Empty(server.Take());
        Assert.Equal(RoomStatus.Listening, server.Server.Status);
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void Close_WhenNotListening_Throws()
    {
        var server = new RecordedServer(listens: false);
        Assert.Throws<KrmxException>(() => server.Input.Close());
        Assert.Equal(RoomStatus.Initializing, server.Server.Status);
    }

    [Fact]
    public void Connection_OfAServerThatDoesNotListen_IsClosed()
    {
        var server = new RecordedServer(listens: false);
        server.Open(1);
        server.Link(1, "alice");
        Assert.Equal(["close 1 GoingAway"], server.Take());
        server.Close(1);
        Assert.Empty(server.Take());
        Assert.Equal(0, server.Server.ConnectionCount);
    }

    [Fact]
    public void InputsThatCross_AreIgnored()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        AttemptId attempt = server.Undecided[0];
        server.Decide(LinkResult.Reject("no"));
        server.Take();
        server.Input.AuthenticationCompleted(attempt, LinkResult.Accept);
        server.Input.AuthenticationTimedOut(attempt);
        server.Input.AuthenticationCompleted(new AttemptId(99), LinkResult.Accept);
        server.Close(1);
        server.Close(1);
        server.Type(1, "a");
        Assert.Empty(server.Take());
    }

    [Fact]
    public void Options_OutOfRange_NameTheOption()
    {
        (Action<KrmxRoomOptions> Break, string Name)[] cases =
        [
            (options => options.IsValidUsername = null!, "IsValidUsername"),
            (options => options.SupportedVersions = [], "SupportedVersions"),
            (options => options.LinkConflict = (LinkConflict)9, "LinkConflict"),
            (options => options.AuthenticationTimeout = default, "AuthenticationTimeout"),
            (options => options.MaxPendingFrames = -1, "MaxPendingFrames"),
            (options => options.MaxPendingBytes = -1, "MaxPendingBytes"),
            (options => options.Json = null!, "Json"),
        ];
        foreach ((Action<KrmxRoomOptions> spoil, string name) in cases)
        {
            var options = new KrmxRoomOptions();
            spoil(options);
            Assert.StartsWith(name + " must", Assert.Throws<ArgumentException>(() => new RecordedServer(options)).Message);
        }
    }
}
