using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>Rooms that are made by the address line alone keep nobody out.</summary>
public class RoomFloodTests
{
    private const int Max = 10;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task RoomsInWhichNobodyLinked_GoWithTheirLastConnection()
    {
        await using TestServer server = await StartAsync();

        for (int i = 0; i < 3 * Max; i++)
        {
            await using WireClient visitor = await server.ConnectAsync($"/rooms/{i}");
            await using WireClient other = await server.ConnectAsync($"/rooms/{i}");
        }

        await Patience.Until(() => Names(server).Length == 0, "no room is left, though no time has passed");
    }

    [Fact]
    public async Task FullEndpoint_ClosesTheEmptyRoomThatWasUsedLeast()
    {
        await using TestServer server = await StartAsync();
        for (int i = 1; i <= Max; i++)
            await UseAsync(server, $"{i}", TimeSpan.FromSeconds(i == 4 ? 1 : 10 + i));

        await using WireClient newcomer = await server.LinkAsync("bob", "/rooms/new");
        Assert.Equal(["1", "10", "2", "3", "5", "6", "7", "8", "9", "new"], Names(server));

        await using WireClient next = await server.LinkAsync("bob", "/rooms/next");
        Assert.Equal(["10", "2", "3", "5", "6", "7", "8", "9", "new", "next"], Names(server));
    }

    [Fact]
    public async Task FullEndpoint_ClosesNoRoomThatSomebodyIsIn()
    {
        await using TestServer server = await StartAsync();
        var visitors = new List<WireClient>();
        for (int i = 1; i < Max; i++)
            visitors.Add(await server.ConnectAsync($"/rooms/{i}"));
        await UseAsync(server, "empty", TimeSpan.FromHours(1));

        await using WireClient newcomer = await server.LinkAsync("bob", "/rooms/new");
        await using (WireClient refused = await server.ConnectAsync("/rooms/refused"))
            await refused.ExpectCloseAsync(1013);

        foreach (WireClient visitor in visitors)
        {
            await visitor.LinkAsync("alice");
            await visitor.DisposeAsync();
        }
    }

    private static string[] Names(TestServer server) =>
        [.. server.App.Services.GetRequiredService<KrmxRooms>().List().Select(static room => room.Name).Order(StringComparer.Ordinal)];

    /// <summary>Is linked in a room for a time, and leaves it; it is kept for a while.</summary>
    private async Task UseAsync(TestServer server, string room, TimeSpan time)
    {
        int before = server.Requests;
        await using (await server.LinkAsync("bob", $"/rooms/{room}"))
            _time.Advance(time);
        await Patience.Until(() => server.Requests == before, "the request has ended");
        await server.Room.InvokeAsync(static () => { });
        Assert.Contains(room, Names(server));
    }

    private Task<TestServer> StartAsync() =>
        new TestServer { Time = _time }.With(server => server.Map = app => app.MapKrmx("/rooms/{room}", server.SetUp, options =>
        {
            options.Rooms.Max = Max;
            options.Rooms.IdleTimeout = TimeSpan.FromHours(10);
            options.Pings.Interval = TimeSpan.Zero;
        })).StartAsync();
}
