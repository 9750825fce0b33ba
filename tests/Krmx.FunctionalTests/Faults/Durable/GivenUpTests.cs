using Krmx.FaultPeer;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A store that is away for longer than rooms have patience, or than the server lives: what was not stored was told to nobody, and clients go on.</summary>
public sealed class GivenUpTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("krmx-given-up-");
    private UnreliableStore _store = null!;
    private LedgerServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await new LedgerServer(
        builder => builder.UseStore("the test", _ => _store = new UnreliableStore(new SqliteRoomStore($"Data Source={Path.Combine(_folder.FullName, "rooms.db")}"))),
        options =>
        {
            options.Storage.Patience = TimeSpan.FromSeconds(1);
            options.Rooms.CloseTimeout = TimeSpan.FromSeconds(1);
        }).StartAsync();

    public async ValueTask DisposeAsync()
    {
        _store.IsAway = false;
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Rooms_AreLoadedAnewAndClientsGoOn()
    {
        await using LedgerCrowd crowd = await LedgerCrowd.LinkAsync(_server.UriOf, rooms: 2, writers: 4);
        await crowd.TalkAsync(TimeSpan.FromMilliseconds(50));
        await crowd.HearAsync();
        _store.IsAway = true;
        await _server.Logs.WaitFor(LedgerServer.StoreFails);
        await Patience.Until(() => Lost.Length == 2, "both rooms give up");
        await Patience.Until(async () => (await crowd.StatesAsync()).All(static state => !state.IsLinked), "all connections are closed");
        WriterState[] told = await crowd.StatesAsync();

        await _server.Logs.WaitFor(LedgerServer.RoomFailed); // clients that came back meanwhile
        Assert.Equal(told.Select(static state => state.Last), (await crowd.StatesAsync()).Select(static state => state.Last));
        _store.IsAway = false;
        await _server.Logs.WaitFor(LedgerServer.StoreWorks);
        await crowd.HearAsync();
        await crowd.RestAsync(_server.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal(1, state.Recovered));
        Assert.All(Lost, static log => Assert.Equal("The store is away.", log.Error!.Message));
        Assert.Equal(["Room /rooms/{room} room0", "Room /rooms/{room} room1"], Lost.Select(static log => log.Text[..24]).Order());
        _server.Logs.AssertNoErrors([LedgerServer.StoreFails, LedgerServer.RoomLost, LedgerServer.TendingFailed, LedgerServer.RoomFailed]);
    }

    /// <summary>The close waits for the store as all that a turn does; it must not be forgotten with it, or the room never ends.</summary>
    [Fact]
    public async Task ConnectionThatTheRoomHadClosed_IsClosed()
    {
        await using WireClient first = await WireClient.ConnectAsync(_server.Port, "/rooms/one");
        await first.SendAsync(Link(attempt: 1));
        while (!(await first.ReadTextAsync()).Contains("krmx/ready", StringComparison.Ordinal))
        {
        }
        Assert.Contains("welcome", await first.ReadTextAsync());
        _store.IsAway = true;
        await using WireClient second = await WireClient.ConnectAsync(_server.Port, "/rooms/one");
        await second.SendAsync(Link(attempt: 2));
        await _server.Logs.WaitFor(LedgerServer.RoomLost);
        Assert.Equal(1012, (await second.ReadToEndAsync()).Code);
        Assert.Equal(1008, (await first.ReadToEndAsync()).Code);

        _store.IsAway = false;
        await using WireClient third = await WireClient.ConnectAsync(_server.Port, "/rooms/one");
        await third.SendAsync(Link(attempt: 3));
        Assert.Contains("\"recovered\":true", await third.ReadTextAsync());

        static string Link(int attempt)
        {
            string session = attempt > 1 ? ",\"session\":1,\"received\":0" : "";
            string resume = $",\"extensions\":[\"resume\"],\"resume\":{{\"key\":\"0123456789abcdef0123456789abcdef\",\"attempt\":{attempt}{session}}}";
            return WireClient.LinkText("ann").Replace("}}", resume + "}}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ServerThatIsToldToStop_StopsAndHasToldNothingThatIsLost()
    {
        await using LedgerCrowd crowd = await LedgerCrowd.LinkAsync(_server.UriOf, rooms: 2, writers: 4);
        await crowd.TalkAsync(TimeSpan.FromMilliseconds(50));
        await crowd.HearAsync();
        _store.IsAway = true;
        await _server.FailAsync(commits: 1);
        await _server.StopAsync();

        _store.IsAway = false;
        await _server.StartAsync();
        await crowd.HearAsync();
        await crowd.RestAsync(_server.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal(1, state.Recovered));
    }

    [Fact]
    public async Task Health_IsDegradedWhileTheStoreFails()
    {
        await using LedgerCrowd crowd = await LedgerCrowd.LinkAsync(_server.UriOf, rooms: 1, writers: 1, hasTypeScript: false);
        Assert.Equal(HealthStatus.Healthy, (await _server.HealthAsync()).Status);
        DateTimeOffset before = DateTimeOffset.UtcNow;
        _store.IsAway = true;
        await crowd.TalkAsync(TimeSpan.FromMilliseconds(50));
        await _server.FailAsync(commits: 1);
        HealthReportEntry entry = await _server.HealthAsync();

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Matches("^The store has failed for [0-9]+ seconds, and clients wait: The store is away[.]$", entry.Description);
        Assert.InRange((DateTimeOffset)entry.Data["storeFailingSince"], before, DateTimeOffset.UtcNow);
        _store.IsAway = false;
        await Patience.Until(async () => (await _server.HealthAsync()).Status == HealthStatus.Healthy, "it is healthy again");
    }

    private CapturedLogs.Entry[] Lost => [.. _server.Logs.Entries.Where(static log => log.EventId == LedgerServer.RoomLost)];
}
