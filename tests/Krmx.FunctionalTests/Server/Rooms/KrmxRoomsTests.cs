using System.Net;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary><c>KrmxRooms</c>: rooms by name, for code that is in none.</summary>
public class KrmxRoomsTests
{
    private const string Games = "/games/{room}";
    private const string Lobby = "/lobby";

    private readonly EventLog _log = new();

    [Fact]
    public async Task Post_FromAnHttpEndpointReachesTheRoomsUsers()
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob", "/games/chess");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };

        HttpResponseMessage told = await http.PostAsync("/tell/chess", null).Soon();
        HttpResponseMessage missed = await http.PostAsync("/tell/go", null).Soon();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (told.StatusCode, missed.StatusCode));
        await bob.ExpectAsync("""{"type":"told","payload":"chess"}""");
    }

    [Fact]
    public async Task ListAndFind_KnowTheOpenRoomsOfEachRoute()
    {
        await using TestServer server = await StartAsync();
        KrmxRooms rooms = Rooms(server);
        Assert.Equal([""], rooms.List().Select(static room => room.Name));

        await using WireClient chess = await server.LinkAsync("bob", "/games/chess");
        await using WireClient go = await server.LinkAsync("bob", "/games/go");

        Assert.Equal(["chess", "go"], rooms.List(Games).Select(static room => room.Name).Order());
        Assert.Equal(["", "chess", "go"], rooms.List().Select(static room => room.Name).Order());
        KrmxRoom found = rooms.Find("chess", Games)!;
        Assert.Equal(["bob"], (await found.InvokeAsync(() => found.Users)).Select(static user => user.Name));
        Assert.Null(rooms.Find("Chess", Games));
        Assert.Equal("", rooms.Find("", Lobby)!.Name);
    }

    [Fact]
    public async Task RouteThatIsUnknownOrNotNamed_IsRefusedNamingThoseThereAre()
    {
        await using TestServer server = await StartAsync();
        KrmxRooms rooms = Rooms(server);

        foreach (Func<object?> call in new Func<object?>[]
        {
            () => rooms.Find("chess"), () => rooms.Find("chess", "/chat"), () => rooms.List("/chat"), () => rooms.Post("chess", static _ => { }),
            () => rooms.CloseAsync("chess"), () => rooms.DeleteAsync("chess", "/chat"), () => rooms.CreateAsync("chess").GetAwaiter().GetResult(),
        })
        {
            string message = Assert.Throws<InvalidOperationException>(call).Message;
            Assert.Contains(Games, message);
            Assert.Contains(Lobby, message);
        }
    }

    [Fact]
    public async Task Create_MakesARoomOnceThatIsKeptForTheIdleTime()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = await StartAsync(time);
        KrmxRooms rooms = Rooms(server);

        KrmxRoom[] made = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rooms.CreateAsync("chess", Games))).Soon();
        Assert.Single(made.Distinct());
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Same(made[0], rooms.Find("chess", Games));
        time.Advance(TimeSpan.FromSeconds(15));

        await _log.WaitFor("closed chess");
        Assert.Equal(1, _log.Count("made chess"));
    }

    [Fact]
    public async Task Create_FailsAsTheApplicationDidOrSaysWhy()
    {
        await using TestServer server = await StartAsync();
        KrmxRooms rooms = Rooms(server);

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rooms.CreateAsync("one", Games, cancelled.Token));
        Assert.Equal("bad name", (await Assert.ThrowsAsync<NotSupportedException>(() => rooms.CreateAsync("bad", Games))).Message);
        await using WireClient one = await server.LinkAsync("bob", "/games/one");
        await using WireClient two = await server.LinkAsync("bob", "/games/two");
        Assert.Contains("as many rooms", (await Assert.ThrowsAsync<KrmxException>(() => rooms.CreateAsync("three", Games))).Message);
        await server.StopAsync();
        Assert.Contains("shuts down", (await Assert.ThrowsAsync<KrmxException>(() => rooms.CreateAsync("four", Games))).Message);
        Assert.Empty(rooms.List());
    }

    [Fact]
    public async Task ClientsOfAClosedRoom_ComeBackToANewOne()
    {
        await using TestServer server = await StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/games/chess"));
        await client.LinkAsync("bob");

        Assert.True(await Rooms(server).CloseAsync("chess", Games).Soon());

        await _log.WaitFor("link bob chess", times: 2);
        Assert.Equal(["made chess", "link bob chess", "closed chess", "made chess", "link bob chess"], _log.Entries);
        Assert.Equal(1001, (int?)client.LastClose?.Status);
    }

    [Fact]
    public async Task ClientsOfADeletedRoom_DoNotComeBack()
    {
        await using TestServer server = await StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/games/chess"));
        await client.LinkAsync("bob");

        Assert.True(await Rooms(server).DeleteAsync("chess", Games).Soon());

        await Patience.Until(() => client.Status == ClientStatus.Disconnected, "the client has given up");
        Assert.Equal(4410, (int?)client.LastClose?.Status);
        Assert.Equal(["made chess", "link bob chess", "closed chess"], _log.Entries);
        Assert.False(await Rooms(server).DeleteAsync("chess", Games).Soon());
    }

    /// <summary>It has its one room for as long as the server runs, also after that was closed.</summary>
    [Fact]
    public async Task FixedRoomThatWasClosed_IsMadeAnewAndStays()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = await StartAsync(time);
        KrmxRooms rooms = Rooms(server);
        KrmxRoom first = rooms.Find("", Lobby)!;

        Assert.True(await rooms.CloseAsync("", Lobby).Soon());
        WireClient bob = await server.LinkAsync("bob", Lobby);
        KrmxRoom second = rooms.Find("", Lobby)!;
        await bob.DisposeAsync();
        await Patience.Until(() => second.ConnectionCount == 0, "bob has gone");
        time.Advance(TimeSpan.FromHours(1));

        Assert.NotSame(first, second);
        Assert.Same(second, rooms.Find("", Lobby));
        Assert.Equal(["bob"], (await second.InvokeAsync(() => second.Users)).Select(static user => user.Name));
    }

    private static KrmxRooms Rooms(TestServer server) => server.App.Services.GetRequiredService<KrmxRooms>();

    private Task<TestServer> StartAsync(FakeTimeProvider? time = null) => new TestServer
    {
        Time = time,
        ExpectedErrors = [12],
        Map = app =>
        {
            app.MapPost("/tell/{room}", (string room, KrmxRooms rooms) =>
                rooms.Post(room, static room => room.Broadcast("told", room.Name), Games) ? Results.Ok() : Results.NotFound());
            app.MapKrmx(Lobby, static _ => { });
            app.MapKrmx(Games, SetUp, static options =>
            {
                options.Rooms.Max = 2;
                options.Rooms.IdleTimeout = TimeSpan.FromSeconds(60);
            });
        },
    }.StartAsync();

    private void SetUp(KrmxRoom room)
    {
        if (room.Name == "bad")
            throw new NotSupportedException("bad name");
        _log.Add($"made {room.Name}");
        room.OnLink(user => _log.Add($"link {user.Name} {room.Name}"));
        room.OnClose(() => _log.Add($"closed {room.Name}"));
    }
}
