using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>What drives a room: its life, what is ignored, and what throws and changes nothing.</summary>
public sealed class InputTests
{
    private static readonly ConnectionId First = new(1);

    private static readonly Dictionary<string, Action<IRoomInput>> All = new()
    {
        ["Advance"] = input => input.Advance(TimeSpan.FromDays(1)),
        ["Open"] = input => input.Open(),
        ["Opened"] = input => input.Opened(),
        ["Close"] = input => input.Close(),
        ["ConnectionOpened"] = input => input.ConnectionOpened(new ConnectionId(9)),
        ["FrameReceived"] = input => input.FrameReceived(First, InboundFrame.Invalid(1)),
        ["ConnectionClosed"] = input => input.ConnectionClosed(First),
        ["AuthenticationCompleted"] = input => input.AuthenticationCompleted(new AttemptId(1), LinkResult.Accept),
    };

    public static TheoryData<string> Inputs => [.. All.Keys];

    [Fact]
    public void Life_GoesThroughEveryStatus()
    {
        var server = new RecordedServer(isOpen: false);
        var seen = new List<RoomStatus> { server.Server.Status };
        foreach (string input in new[] { "Open", "Opened" })
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
            [RoomStatus.Initializing, RoomStatus.Opening, RoomStatus.Open, RoomStatus.Closing, RoomStatus.Closed],
            seen);
        Assert.Equal(["open", "close 1 GoingAway", "close"], server.Take());
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
        Assert.Equal((RoomStatus.Open, 1), (server.Server.Status, server.Server.ConnectionCount));
    }

    [Fact]
    public void Advance_BackInTime_ThrowsAndChangesNothing()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Input.Advance(TimeSpan.FromSeconds(1));
        Assert.Throws<InvalidOperationException>(() => server.Input.Advance(TimeSpan.Zero));
        Assert.Empty(server.Take());
        Assert.Equal(TimeSpan.FromSeconds(10), server.Input.NextDue);
        server.Decide(LinkResult.Accept);
        Assert.Null(server.Input.NextDue);
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
    [InlineData("Open")]
    [InlineData("Opened")]
    public void LifeInput_InTheWrongStatus_ThrowsAndChangesNothing(string input)
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        Assert.Throws<KrmxException>(() => All[input](server.Input));
        Assert.Empty(server.Take());
        Assert.Equal(RoomStatus.Open, server.Server.Status);
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void Close_WhenNotOpen_Throws()
    {
        var server = new RecordedServer(isOpen: false);
        Assert.Throws<KrmxException>(() => server.Input.Close());
        Assert.Equal(RoomStatus.Initializing, server.Server.Status);
    }

    [Fact]
    public void Connection_OfARoomThatIsNotOpen_IsClosed()
    {
        var server = new RecordedServer(isOpen: false);
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
        server.Input.Advance(TimeSpan.FromDays(1));
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
            (options => options.Links.IsValidUsername = null!, "Links.IsValidUsername"),
            (options => options.Links.SupportedVersions = [], "Links.SupportedVersions"),
            (options => options.Links.Conflict = (LinkConflict)9, "Links.Conflict"),
            (options => options.Links.ChallengeTimeout = TimeSpan.FromMilliseconds(9), "Links.ChallengeTimeout"),
            (options => options.Links.ChallengeTimeout = TimeSpan.FromSeconds(61), "Links.ChallengeTimeout"),
            (options => options.Links.AuthenticationTimeout = default, "Links.AuthenticationTimeout"),
            (options => options.Links.MaxPendingFrames = -1, "Links.MaxPendingFrames"),
            (options => options.Links.MaxPendingBytes = -1, "Links.MaxPendingBytes"),
            (options => options.Users.Max = 0, "Users.Max"),
            (options => options.Users.Timeout = TimeSpan.FromSeconds(-1), "Users.Timeout"),
            (options => options.Users.Timeout = TimeSpan.FromTicks(1), "Users.Timeout"),
            (options => options.Users.Timeout = TimeSpan.MaxValue, "Users.Timeout"),
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
