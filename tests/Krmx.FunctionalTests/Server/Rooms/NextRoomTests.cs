using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>A room that is closing has its name until nothing of it is left.</summary>
public class NextRoomTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly EventLog _log = new();
    private readonly TaskCompletionSource _saving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _saved = "nothing";

    [Fact]
    public async Task VisitorWhoComesWhileTheOldRoomSaves_WaitsAndFindsWhatWasSaved()
    {
        await using TestServer server = await StartAsync();
        await CloseIdleAsync(server);

        Task<WireClient> waiting = server.ConnectAsync("/rooms/one");
        await using (await server.LinkAsync("bob", "/rooms/other"))
            Assert.False(waiting.IsCompleted);
        _saving.SetResult();
        await using WireClient next = await waiting;
        await next.LinkAsync("alice");

        Assert.Equal(
            ["loaded nothing", "saving", "saved", "disposed", "loaded the game of bob"],
            _log.Entries.Where(static entry => !entry.Contains("other", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Shutdown_WaitsForARoomThatClosesAlready()
    {
        await using TestServer server = await StartAsync();
        await CloseIdleAsync(server);

        Task stopping = server.StopAsync();
        await Task.WhenAny(stopping, Task.Delay(300)); // it took 10 ms
        Assert.False(stopping.IsCompleted);
        _saving.SetResult();
        await stopping.Soon();

        Assert.Equal(["loaded nothing", "saving", "saved", "disposed"], _log.Entries);
        Assert.DoesNotContain(server.Logs.Entries, static entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task RoomThatIsLeftDuringTheShutdown_ClosesOnce()
    {
        await using TestServer server = await StartAsync();
        WireClient bob = await server.LinkAsync("bob", "/rooms/one");

        Task stopping = server.StopAsync();
        await bob.ReadToEndAsync();
        await bob.DisposeAsync();
        await _log.WaitFor("saving");
        _saving.SetResult();
        await stopping.Soon();

        Assert.Equal(["loaded nothing", "saving", "saved", "disposed"], _log.Entries);
        Assert.DoesNotContain(server.Logs.Entries, static entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task RoomThatOpensDuringTheShutdown_IsWaitedForAndLetsNobodyIn()
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await new TestServer
        {
            Map = app => app.MapKrmx("/rooms/{room}", async room =>
            {
                _log.Add("loading");
                await loaded.Task;
                room.OnClose(() => _log.Add("closed"));
            }),
        }.StartAsync();
        Task<WireClient> waiting = server.HandshakeAsync("/rooms/one");
        await _log.WaitFor("loading");

        Task stopping = server.StopAsync();
        await Patience.Until(async () =>
        {
            await using WireClient late = await server.HandshakeAsync("/rooms/two");
            return late.Status == 503;
        }, "the shutdown has begun");
        Assert.False(stopping.IsCompleted);
        loaded.SetResult();
        await using (WireClient refused = await waiting)
            Assert.Equal(503, refused.Status);
        await stopping.Soon();

        Assert.Equal("closed", _log.Entries[^1]);
    }

    [Fact]
    public async Task NewRoomWhereThereAreTooMany_WaitsForTheOneThatClosesForIt()
    {
        await using TestServer server = await StartAsync(max: 1);
        await LeaveAsync(server, await server.LinkAsync("bob", "/rooms/one"));

        Task<WireClient> waiting = server.ConnectAsync("/rooms/two");
        await _log.WaitFor("saving");
        Assert.False(waiting.IsCompleted);
        _saving.SetResult();
        await using WireClient next = await waiting;

        Assert.Equal(["loaded nothing", "saving", "saved", "disposed", "loaded two"], _log.Entries);
    }

    private static async Task LeaveAsync(TestServer server, WireClient client)
    {
        await client.SendAsync(WireFrame.OfClose(1000));
        await client.ExpectEndAsync();
        await client.DisposeAsync();
        await server.Until(room => room.ConnectionCount == 0, "nobody is there");
        await server.Room.InvokeAsync(() => { }).Soon(); // the directory is told in a turn
        await Patience.Until(() => server.Requests == 0, "no request is under way");
        await server.Room.InvokeAsync(() => { }).Soon();
    }

    private async Task CloseIdleAsync(TestServer server)
    {
        await LeaveAsync(server, await server.LinkAsync("bob", "/rooms/one"));
        _time.Advance(Idle + TimeSpan.FromSeconds(4)); // the watch looks as often
        await _log.WaitFor("saving");
    }

    private Task<TestServer> StartAsync(int max = 100) => new TestServer
    {
        Time = _time,
        Build = builder => builder.Services.AddScoped(_ => new Witness(_log)),
    }.With(server => server.Map = app => app.MapKrmx(
        "/rooms/{room}",
        room => SetUp(server, room),
        options =>
        {
            options.Rooms.Max = max;
            options.Rooms.IdleTimeout = Idle;
            options.Pings.Interval = TimeSpan.Zero;
        })).StartAsync();

    private void SetUp(TestServer server, KrmxRoom room)
    {
        if (room.Name != "one")
        {
            _log.Add($"loaded {room.Name}");
            return;
        }
        room.Services.GetRequiredService<Witness>();
        _log.Add($"loaded {_saved}");
        string players = "";
        room.OnLink(user => players += user.Name);
        room.OnClose(async () =>
        {
            _log.Add("saving");
            await _saving.Task;
            _saved = $"the game of {players}";
            _log.Add("saved");
        });
        server.SetUp(room);
    }

    private sealed class Witness(EventLog log) : IDisposable
    {
        public void Dispose() => log.Add("disposed");
    }
}
