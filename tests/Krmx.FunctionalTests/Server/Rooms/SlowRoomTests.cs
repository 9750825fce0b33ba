using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>A room that takes long to be made: its own visitors wait, bounded, and nobody else does.</summary>
public class SlowRoomTests
{
    private const int RoomFailed = 12;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Ways => ["blocking setup", "async setup", "open listener"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task SlowRoom_HoldsUpNeitherOtherRoomsNorHeartbeatNorHealth(string way)
    {
        await using TestServer server = await StartAsync(way);
        await using WireClient early = await server.LinkAsync("early", "/rooms/quick");
        Task<WireClient> waiting = server.HandshakeAsync("/rooms/slow");
        await server.Events.WaitFor("making slow");

        await using WireClient newcomer = await server.LinkAsync("newcomer", "/rooms/other");
        using var http = new HttpClient();
        HttpResponseMessage health = await http.GetAsync($"http://127.0.0.1:{server.Port}/health").Soon();
        _time.Pass(PingInterval);
        await early.SkipToPingAsync();

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.False(waiting.IsCompleted);
        _loaded.SetResult();
        await using WireClient slow = await waiting;
        await slow.LinkAsync("slow");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WhoeverWaitsTooLong_IsRefusedAndMayComeBack(string way)
    {
        await using TestServer server = await StartAsync(way);
        Task<WireClient> waiting = server.HandshakeAsync("/rooms/slow");
        await server.Events.WaitFor("making slow");

        _time.Pass(TimeSpan.FromSeconds(31));
        await using (WireClient refused = await waiting)
            Assert.Equal(503, refused.Status);

        _loaded.SetResult();
        await using WireClient slow = await server.LinkAsync("slow", "/rooms/slow");
    }

    [Fact]
    public async Task OpenListeners_HaveEndedBeforeAnybodyEnters()
    {
        await using TestServer server = await StartAsync("open listener");
        Task<WireClient>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => server.ConnectAsync("/rooms/slow"))];
        await server.Events.WaitFor("making slow");
        await Patience.Until(() => server.Requests == 5, "all wait");

        _loaded.SetResult();
        foreach (WireClient client in await Task.WhenAll(waiting))
            await client.DisposeAsync();

        Assert.Equal(["making slow", "loaded"], server.Events.Entries[..2]);
        Assert.Equal(1, server.Events.Count("making slow"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RoomThatFails_RefusesAllWhoWaitClosesNothingAndMayBeTriedAgain(string way)
    {
        int closed = 0;
        await using TestServer server = await StartAsync(way, room => room.OnClose(() => closed++));
        Task<WireClient>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => server.HandshakeAsync("/rooms/slow"))];
        await server.Events.WaitFor("making slow");
        await Patience.Until(() => server.Requests == 5, "all wait");

        _loaded.SetException(new NotSupportedException("no database"));
        foreach (WireClient client in await Task.WhenAll(waiting))
        {
            Assert.Equal(503, client.Status);
            await client.DisposeAsync();
        }

        Assert.Contains("no database", (await server.Logs.WaitFor(RoomFailed)).Error!.ToString(), StringComparison.Ordinal);
        await server.Events.WaitFor("disposed slow");
        Assert.Equal(0, closed);
        await using WireClient again = await server.LinkAsync("again", "/rooms/slow");
    }

    private Task<TestServer> StartAsync(string way, Action<KrmxRoom>? setUp = null) => new TestServer
    {
        Time = _time,
        ExpectedErrors = [RoomFailed, 6], // an open listener that throws
        Build = builder =>
        {
            builder.Services.AddHealthChecks().AddKrmx();
            builder.Services.AddScoped<Witness>();
        },
    }.With(server => server.Map = app =>
    {
        app.MapHealthChecks("/health");
        app.MapKrmx(
            "/rooms/{room}",
            room =>
            {
                setUp?.Invoke(room);
                Witness witness = room.Services.GetRequiredService<Witness>();
                witness.Disposed = () => server.Events.Add($"disposed {room.Name}");
                return room.Name == "slow" && server.Events.Count("making slow") == 0 ? LoadAsync(server, room, way) : Task.CompletedTask;
            },
            options =>
            {
                options.Pings.Interval = PingInterval;
                options.Rooms.OpenTimeout = TimeSpan.FromSeconds(30);
                options.Pings.Timeout = TimeSpan.FromDays(1); // nobody answers here
            });
    }).StartAsync();

    private Task LoadAsync(TestServer server, KrmxRoom room, string way)
    {
        if (way == "open listener")
        {
            room.OnOpen(Load);
            return Task.CompletedTask;
        }
        return Load();

        async Task Load()
        {
            server.Events.Add("making slow");
            if (way == "blocking setup")
                _loaded.Task.Wait();
            else
                await _loaded.Task;
            server.Events.Add("loaded");
        }
    }

    private sealed class Witness : IDisposable
    {
        public Action? Disposed { get; set; }

        public void Dispose() => Disposed?.Invoke();
    }
}
