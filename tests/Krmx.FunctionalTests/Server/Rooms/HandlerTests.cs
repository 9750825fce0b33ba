using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary><c>MapKrmx&lt;THandler&gt;</c>: an object for each room, made by the room's scope.</summary>
public class HandlerTests
{
    private readonly EventLog _log = new();

    [Fact]
    public async Task Handler_HearsAllAndIsDisposedOfWithItsRoom()
    {
        await using TestServer server = await StartAsync<ChatHandler>();
        await using WireClient mallory = await server.ConnectAsync("/rooms/one");
        await mallory.AskAsync("mallory");
        await mallory.ExpectAsync(Texts.Rejected("not you"));
        await using WireClient bob = await server.LinkAsync("bob", "/rooms/one");
        await bob.SendAsync("""{"type":"typed","payload":7}""");
        await bob.ExpectAsync("""{"type":"typed","payload":8}""");
        await bob.SendAsync("""{"type":"krmx/leave"}""");
        await bob.ExpectAsync(Texts.Unlinked("bob"), Texts.Left("bob"));

        await server.StopAsync();

        Assert.Equal(
            [
                "configure one", "listen one", "join bob", "link bob", "message bob typed", "typed 7", "unlink bob Left", "leave bob",
                "close one", "scope disposed", "handler disposed",
            ],
            _log.Entries.Order(new DisposalLast()));
    }

    [Fact]
    public async Task Handlers_AreOneForEachRoomWithTheRoomsOwnScope()
    {
        await using TestServer server = await StartAsync<ChatHandler>();
        await using WireClient one = await server.LinkAsync("bob", "/rooms/one");
        await using WireClient again = await server.LinkAsync("alice", "/rooms/one");
        await using WireClient two = await server.LinkAsync("bob", "/rooms/two");

        await two.SendAsync("""{"type":"krmx/leave"}""");
        await _log.WaitFor("leave bob");

        Assert.Equal(["configure one", "configure two"], _log.Entries.Where(e => e.StartsWith("configure", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task HandlerThatCannotBeMade_FailsTheStartWithItsOwnException()
    {
        var server = new TestServer { Map = app => app.MapKrmx<UnfinishedHandler>("/krmx") };

        Assert.Contains("no such luck", (await Assert.ThrowsAsync<NotSupportedException>(() => server.StartAsync())).Message);
    }

    [Fact]
    public async Task HandlerWhoseServiceIsMissing_FailsTheStartNamingIt()
    {
        var server = new TestServer { Map = app => app.MapKrmx<ChatHandler>("/krmx") };

        Assert.Contains(nameof(ScopedLog), (await Assert.ThrowsAsync<InvalidOperationException>(() => server.StartAsync())).Message);
    }

    [Fact]
    public async Task RoomInConstructor_ThrowsAClearException()
    {
        var server = new TestServer { Map = app => app.MapKrmx<EagerHandler>("/krmx") };

        Assert.Contains("constructor", (await Assert.ThrowsAsync<InvalidOperationException>(() => server.StartAsync())).Message);
    }

    [Fact]
    public async Task DisposalThatThrows_IsLogged()
    {
        const int HandlerFailed = 9;
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [HandlerFailed],
            Map = app => app.MapKrmx<StubbornHandler>("/krmx"),
        }.StartAsync();

        await server.StopAsync();

        Assert.Equal("not me", (await server.Logs.WaitFor(HandlerFailed)).Error?.Message);
    }

    [Fact]
    public async Task AsyncListeners_AreWaitedForBeforeTheScopeIsDisposedOf()
    {
        await using TestServer server = await StartAsync<SavingHandler>();
        WireClient bob = await server.LinkAsync("bob", "/rooms/one");
        await bob.DisposeAsync();

        await server.StopAsync();

        Assert.Equal(["saved bob", "saved all", "scope disposed"], _log.Entries);
    }

    [Fact]
    public async Task AsyncListenerThatNeverEnds_IsNotWaitedForForever()
    {
        const int ListenersLeft = 13;
        await using TestServer server = await new TestServer
        {
            Options = options => options.Rooms.CloseTimeout = TimeSpan.FromSeconds(2),
            Configure = room => room.OnClose(() => new TaskCompletionSource().Task),
        }.StartAsync();

        await server.StopAsync();

        await server.Logs.WaitFor(ListenersLeft);
    }

    private Task<TestServer> StartAsync<THandler>()
        where THandler : KrmxHandler =>
        new TestServer
        {
            Build = builder => builder.Services.AddSingleton(_log).AddScoped<ScopedLog>(),
            Map = app => app.MapKrmx<THandler>("/rooms/{room}"),
        }.StartAsync();

    public sealed class ScopedLog(IServiceProvider services) : IDisposable
    {
        private readonly EventLog _log = services.GetRequiredService<EventLog>();

        public void Add(string entry) => _log.Add(entry);

        public void Dispose() => Add("scope disposed");
    }

    /// <summary>The two disposals come in an order that dependency injection decides.</summary>
    private sealed class DisposalLast : IComparer<string>
    {
        public int Compare(string? x, string? y) => Rank(x) - Rank(y);

        private static int Rank(string? entry) => entry switch { "scope disposed" => 1, "handler disposed" => 2, _ => 0 };
    }

    private sealed class ChatHandler(ScopedLog log) : KrmxHandler, IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            log.Add("handler disposed");
            return ValueTask.CompletedTask;
        }

        protected override void Configure()
        {
            Note($"configure {Room.Name}");
            Room.OnMessage<int>("typed", (user, number) =>
            {
                Note($"typed {number}");
                Room.Send(user.Name, "typed", number + 1);
            });
        }

        protected override async ValueTask<LinkResult> OnAuthenticateAsync(LinkRequest link, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return link.Username == "mallory" ? LinkResult.Reject("not you") : LinkResult.Accept;
        }

        protected override Task OnOpenAsync() => Note($"listen {Room.Name}");

        protected override Task OnJoinAsync(KrmxUser user) => Note($"join {user.Name}");

        protected override Task OnLinkAsync(KrmxUser user) => Note($"link {user.Name}");

        protected override Task OnMessageAsync(KrmxUser user, KrmxMessage message) => Note($"message {user.Name} {message.Type}");

        protected override Task OnUnlinkAsync(KrmxUser user, UnlinkReason reason) => Note($"unlink {user.Name} {reason}");

        protected override Task OnLeaveAsync(KrmxUser user) => Note($"leave {user.Name}");

        protected override Task OnCloseAsync() => Note($"close {Room.Name}");

        private Task Note(string entry)
        {
            log.Add(entry);
            return Task.CompletedTask;
        }
    }

    private sealed class SavingHandler(ScopedLog log) : KrmxHandler
    {
        protected override async Task OnLeaveAsync(KrmxUser user)
        {
            await Task.Delay(20);
            log.Add($"saved {user.Name}");
        }

        protected override async Task OnCloseAsync()
        {
            await Task.Delay(100);
            log.Add("saved all");
        }
    }

    private sealed class UnfinishedHandler : KrmxHandler
    {
        public UnfinishedHandler() => throw new NotSupportedException("no such luck");
    }

    private sealed class EagerHandler : KrmxHandler
    {
        public EagerHandler() => _ = Room;
    }

    private sealed class StubbornHandler : KrmxHandler, IDisposable
    {
        public void Dispose() => throw new NotSupportedException("not me");
    }
}
