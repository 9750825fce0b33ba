using Krmx.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krmx.Tests.Testing;

/// <summary>A room in memory behaves as one in production, on a clock that only the test moves.</summary>
public class TestRoomTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void Handler_IsMadeWithServicesAndHearsAll()
    {
        TestRoom room = TestRoom.For<LoggingHandler>(services => services.AddSingleton(_log)).Open();

        TestClient bob = room.Link("bob");
        bob.Send("greet", 7);
        room.Deliver();
        bob.Leave();
        room.Deliver();
        room.Close();

        Assert.Equal(["configure", "open", "join bob", "link bob", "message greet", "greet 7", "unlink bob Left", "leave bob", "close", "disposed"], _log);
        Assert.True(room.IsClosed);
        Assert.Empty(room.Failures);
    }

    [Fact]
    public void Link_ThatIsRejectedSaysWhy()
    {
        var room = new TestRoom(room => room.OnAuthenticate(link => link.Auth == "secret" ? LinkResult.Accept : LinkResult.Reject("not you")));
        room.Open();

        TestClient mallory = room.Link("ann", auth: "guess");
        TestClient ann = room.Link("ann", auth: "secret");

        Assert.Equal(("not you", ClientStatus.Connected), (mallory.Rejection, mallory.Status));
        Assert.Equal((null, ClientStatus.Linked), (ann.Rejection, ann.Status));
    }

    [Fact]
    public void Metadata_ArriveWithTheUsers_AndAreNotMissedByOneWhoWasAway()
    {
        var room = new TestRoom(room =>
        {
            room.OnAuthenticate(link => LinkResult.Accept.WithMeta(link.Auth ?? "none"));
            room.OnMessage<string>("paint", (user, color) => user.SetMeta(color));
        });
        room.Open();
        TestClient ann = room.Link("ann", auth: "red"), bob = room.Link("bob", auth: "blue");
        Assert.Equal("ann red, bob blue", Colors(bob));

        bob.Drop();
        ann.Send("paint", "green");
        room.Deliver();
        bob.Return();
        room.Deliver();
        Assert.Equal("ann green, bob blue", Colors(bob));
        Assert.Equal("ann green, bob blue", Colors(ann));

        static string Colors(TestClient client) => string.Join(", ", client.Users.Select(user => $"{user.Name} {user.Meta?.Deserialize<string>()}"));
    }

    [Fact]
    public void LinkedUser_IsKeptByAClientThatAnswersAndLostByOneThatFellSilent()
    {
        TestRoom room = new TestRoom().Open();
        TestClient phone = room.Link("ann");

        TestClient laptop = room.Link("ann");
        Assert.Equal((ClientStatus.Linked, "user ann is already linked to a connection"), (phone.Status, laptop.Rejection));

        phone.IsSilent = true;
        laptop.Link("ann");
        room.Deliver();
        Assert.Equal(ClientStatus.Linking, laptop.Status);
        room.Advance(TimeSpan.FromSeconds(2));
        room.Deliver();
        Assert.Equal((ClientStatus.Connected, ClientStatus.Linked), (phone.Status, laptop.Status));
    }

    [Fact]
    public void Facts_ReachAuthentication()
    {
        string? seen = null;
        var room = new TestRoom(room => room.OnAuthenticate(link =>
        {
            seen = link.Connection.Headers["X-Game"];
            return LinkResult.Accept;
        }));
        room.Open();

        room.Link("ann", facts: new KrmxConnectionInfo { Headers = new Dictionary<string, string> { ["X-Game"] = "chess" } });

        Assert.Equal("chess", seen);
    }

    [Fact]
    public void AsyncAuthentication_WaitsForVirtualTimeAndTimesOut()
    {
        var options = new KrmxRoomOptions();
        options.Links.AuthenticationTimeout = TimeSpan.FromSeconds(10);
        var room = new TestRoom(options: options);
        room.Room.OnAuthenticate(async (link, cancellation) =>
        {
            await Task.Delay(link.Auth == "slow" ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(2), room.Time, cancellation);
            return LinkResult.Accept;
        });
        room.Open();

        TestClient ann = room.Link("ann");
        TestClient bob = room.Link("bob", auth: "slow");
        Assert.Equal(ClientStatus.Linking, ann.Status);
        room.Advance(TimeSpan.FromSeconds(2));
        room.Deliver();
        Assert.Equal((ClientStatus.Linked, ClientStatus.Linking), (ann.Status, bob.Status));
        room.Advance(TimeSpan.FromSeconds(8));
        room.Deliver();

        Assert.Equal((ClientStatus.Connected, "authentication timeout"), (bob.Status, bob.Rejection));
    }

    [Fact]
    public void AsyncListener_GoesOnInTurnWhenItsTimeHasCome()
    {
        var room = new TestRoom();
        room.Room.OnLink(async user =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), room.Time);
            room.Room.Broadcast("late", user.Name);
        });
        room.Open();
        TestClient ann = room.Link("ann");

        room.Advance(TimeSpan.FromSeconds(2.9));
        room.Deliver();
        Assert.DoesNotContain(ann.Received, static frame => frame.Contains("late", StringComparison.Ordinal));
        room.Advance(TimeSpan.FromSeconds(0.1));
        room.Deliver();

        Assert.Equal("""{"type":"late","payload":"ann"}""", ann.Received[^1]);
    }

    [Fact]
    public void OpenListener_ThatWaitsKeepsTheRoomClosedUntilThen()
    {
        var room = new TestRoom();
        room.Room.OnOpen(() => Task.Delay(TimeSpan.FromSeconds(1), room.Time));

        room.Open();
        Assert.Equal(RoomStatus.Opening, room.Room.Status);
        room.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(RoomStatus.Open, room.Room.Status);
    }

    [Fact]
    public void OpenListener_ThatThrowsFailsTheOpening()
    {
        var room = new TestRoom(room => room.OnOpen(() => Task.FromException(new NotSupportedException("no"))));

        Assert.Equal("no", Assert.Throws<NotSupportedException>(() => room.Open()).Message);
    }

    [Fact]
    public void Close_WaitsForListenersThatWaitForVirtualTime()
    {
        TestRoom room = TestRoom.For<SavingHandler>(services => services.AddSingleton(_log)).Open();

        room.Close();
        Assert.Equal((false, 0), (room.IsClosed, _log.Count));
        room.Advance(TimeSpan.FromSeconds(1));

        Assert.True(room.IsClosed);
        Assert.Equal(["saved", "disposed"], _log);
    }

    [Fact]
    public void Close_LeavesListenersBehindThatTakeTooLong()
    {
        var room = new TestRoom();
        room.Room.OnClose(() => Task.Delay(TimeSpan.FromSeconds(6), room.Time));
        room.Open();

        room.Close();
        room.Advance(TimeSpan.FromSeconds(5));

        Assert.True(room.IsClosed);
        Assert.Contains("async listeners were still running", Assert.Single(room.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CloseAsync_WaitsForWorkOfOtherThreads()
    {
        var room = new TestRoom();
        room.Room.OnClose(async () =>
        {
            await Task.Run(() => _log.Add("saved"));
            _log.Add("done");
        });
        room.Open();

        await room.CloseAsync();

        Assert.Equal(["saved", "done"], _log);
    }

    [Fact]
    public async Task DeliverAsync_WaitsForWorkOfOtherThreads()
    {
        var room = new TestRoom();
        room.Room.OnMessage<int>("square", async (user, number) => room.Room.Send(user.Name, "squared", await Task.Run(() => number * number)));
        room.Open();
        TestClient ann = room.Link("ann");
        int? squared = null;
        ann.OnMessage<int>("squared", number => squared = number);

        ann.Send("square", 12);
        await room.DeliverAsync(() => squared is not null);

        Assert.Equal(144, squared);
    }

    [Fact]
    public void Post_IsDoneWithTheNextDelivery()
    {
        TestRoom room = new TestRoom().Open();
        TestClient ann = room.Link("ann");

        room.Room.Post(() => room.Room.Broadcast("news"));
        room.Deliver();

        Assert.Equal("""{"type":"news"}""", ann.Received[^1]);
    }

    [Fact]
    public void PeriodicTimer_RingsAtEachOfItsTimes()
    {
        var room = new TestRoom();
        var ticks = new List<TimeSpan>();
        using ITimer timer = room.Time.CreateTimer(_ => ticks.Add(room.Now), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        room.Advance(TimeSpan.FromSeconds(5));
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        room.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([1, 3, 5], ticks.Select(static tick => tick.TotalSeconds));
    }

    [Fact]
    public void Listener_ThatThrowsIsAmongTheFailures()
    {
        var room = new TestRoom();
        room.Room.OnLink((Action<KrmxUser>)(_ => throw new NotSupportedException("at once")));
        room.Room.OnLink(async _ =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), room.Time);
            throw new NotSupportedException("later");
        });
        room.Open();

        room.Link("ann");
        room.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["at once", "later"], room.Failures.Select(static failure => failure.Message));
    }

    private sealed class LoggingHandler(List<string> log, ILogger<LoggingHandler> logger) : KrmxHandler, IDisposable
    {
        public void Dispose() => log.Add("disposed");

        protected override void Configure()
        {
            Log("configure");
            Room.OnMessage<int>("greet", (_, number) => Log($"greet {number}"));
        }

        protected override Task OnOpenAsync() => Log("open");

        protected override Task OnJoinAsync(KrmxUser user) => Log($"join {user.Name}");

        protected override Task OnLinkAsync(KrmxUser user) => Log($"link {user.Name}");

        protected override Task OnMessageAsync(KrmxUser user, KrmxMessage message) => Log($"message {message.Type}");

        protected override Task OnUnlinkAsync(KrmxUser user, UnlinkReason reason) => Log($"unlink {user.Name} {reason}");

        protected override Task OnLeaveAsync(KrmxUser user) => Log($"leave {user.Name}");

        protected override Task OnCloseAsync() => Log("close");

        private Task Log(string entry)
        {
            Assert.NotNull(logger);
            log.Add(entry);
            return Task.CompletedTask;
        }
    }

    private sealed class SavingHandler(List<string> log, TimeProvider time) : KrmxHandler, IDisposable
    {
        public void Dispose() => log.Add("disposed");

        protected override async Task OnCloseAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            log.Add("saved");
        }
    }
}
