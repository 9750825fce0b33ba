using System.Collections.Immutable;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.State;
using Krmx.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Server.Durable;

/// <summary>A server is stopped and started again, or opened anew over the same store, and its rooms go on.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krmx-durable").FullName;
    private readonly List<string> _log = [];

    private string File => Path.Combine(_folder, "rooms.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Clients_GoOnWhereTheyLeftOff()
    {
        await using DurableServer server = await StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        var heard = new List<int>();
        int recovered = 0, gaps = 0;
        client.OnMessage<int>("said", heard.Add);
        client.OnRecover(() => recovered++);
        client.OnGap(_ => gaps++);
        await client.ConnectAsync(server.Uri());
        await client.LinkAsync("bob").Soon();
        await client.SendAsync("say", "a");
        await Patience.Until(() => heard.Count == 1, "the first was heard");

        await server.StopAsync();
        Task sent = client.SendAsync("say", "b");
        await server.StartAsync();
        await sent.Soon();

        await Patience.Until(() => heard.Count == 2, "the second was heard");
        Assert.Equal([1, 2], heard);
        Assert.Equal((1, 0), (recovered, gaps));
        Assert.Equal(["open 0", "join bob", "link bob new", "say a", "open 1", "unlink bob ServerRestarted", "link bob again", "say b"], _log);
        server.Logs.AssertNoErrors([]);
    }

    [Fact]
    public async Task RoomThatNobodyIsIn_RestsAndIsFoundAsItWas()
    {
        await using DurableServer server = await StartAsync(options => options.Rooms.IdleTimeout = TimeSpan.Zero);
        await using (var client = new KrmxClient(Expect.Hasty))
        {
            await client.ConnectAsync(server.Uri());
            await client.LinkAsync("bob").Soon();
            await client.SendAsync("say", "a");
            await Patience.Until(() => _log.Contains("say a"), "it was handled");
        }
        await Patience.Until(async () => (await server.Rooms.ListStoredAsync()).Any(static room => room.IsAtRest), "the room rests");
        Assert.Empty(server.Rooms.List());

        KrmxRoom room = await server.Rooms.CreateAsync("one").Soon();

        Assert.Equal(["bob"], await room.InvokeAsync(() => room.Users.Select(static user => user.Name).ToArray()).Soon());
        Assert.Contains("open 1", _log);
        server.Logs.AssertNoErrors([]);
    }

    [Fact]
    public async Task RoomInWhichNothingHappened_IsNotStored()
    {
        await using DurableServer server = await StartAsync(options => options.Rooms.IdleTimeout = TimeSpan.Zero);
        await using (var client = new KrmxClient(Expect.Hasty))
            await client.ConnectAsync(server.Uri());

        await Patience.Until(async () => _log.Count > 0 && (await server.Rooms.ListStoredAsync()).Count == 0, "the room is forgotten");
    }

    [Fact]
    public async Task DeletedRoom_IsGone()
    {
        await using DurableServer server = await StartAsync(options => options.Rooms.IdleTimeout = TimeSpan.Zero);
        await using (var client = new KrmxClient(Expect.Hasty))
        {
            await client.ConnectAsync(server.Uri("open"));
            await client.LinkAsync("bob").Soon();
            await server.Rooms.CreateAsync("empty").Soon();
            await server.Rooms.Find("open")!.InvokeAsync(() => server.Rooms.Find("open")!.SetAlarm("later", TimeSpan.FromDays(1))).Soon();

            Assert.True(await server.Rooms.DeleteAsync("open").Soon());
            Assert.False(await server.Rooms.DeleteAsync("open").Soon());
            await Patience.Until(() => client.Status == ClientStatus.Disconnected, "the client does not come back");
        }
        Assert.DoesNotContain(await server.Rooms.ListStoredAsync(), static room => room.Room.Name == "open");
        Assert.Contains("leave bob", _log);
        server.Logs.AssertNoErrors([]);
    }

    [Fact]
    public async Task AlarmOfARoomAtRest_WakesIt()
    {
        await using DurableServer server = await StartAsync(options => options.Rooms.IdleTimeout = TimeSpan.Zero);
        await using (var client = new KrmxClient(Expect.Hasty))
        {
            await client.ConnectAsync(server.Uri());
            await client.LinkAsync("bob").Soon();
            await client.SendAsync("wake", 300);
            await Patience.Until(() => _log.Contains("wake"), "the alarm is set");
        }
        await Patience.Until(() => _log.Contains("rings"), "it rang in a room that nobody is in");
        Assert.True(_log.IndexOf("open 0") < _log.IndexOf("rings"));
        await Patience.Until(async () => (await server.Rooms.ListStoredAsync()).Single() is { IsAtRest: true, Alarm: null }, "the room rests again");
        server.Logs.AssertNoErrors([]);
    }

    [Fact]
    public async Task SharedState_GoesOn()
    {
        var model = new ProjectionModel<Board, Board>(new Board([], null), static (board, user) => board with { Secret = null });
        Func<string, KrmxAction> add = model.When<string>("add", static (board, user, text) => board with { Notes = board.Notes.Add($"{user}: {text}"), Secret = text });
        var stream = new StreamModel<int>(0);
        Func<int, KrmxAction> count = stream.When<int>("count", static (sum, _, by) => sum + by);
        ServerProjection<Board, Board>? board = null;
        ServerStream<int>? sum = null;
        ServerAtoms? atoms = null;
        await using DurableServer server = await new DurableServer(builder => builder.UseSqlite($"Data Source={File}"), room =>
        {
            board = room.AddProjection("board", model);
            sum = room.AddStream("sum", stream);
            atoms = room.AddAtoms();
        }).StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        int gaps = 0;
        client.OnGap(_ => gaps++);
        ClientProjection<Board> seen = client.AddProjection("board", model);
        ClientStream<int> folded = client.AddStream("sum", stream);
        await client.ConnectAsync(server.Uri());
        await client.LinkAsync("bob").Soon();
        await seen.DispatchAsync(add("one")).Soon();
        await folded.DispatchAsync(count(3)).Soon();
        await server.Rooms.Find("one")!.InvokeAsync(() => atoms!.Set("colour", "red")).Soon();

        await server.StopAsync();
        await server.StartAsync();
        await seen.DispatchAsync(add("two")).Soon();
        await folded.DispatchAsync(count(4)).Soon();

        Assert.Equal(["bob: one", "bob: two"], seen.View!.Notes);
        Assert.Equal(7, folded.State);
        KrmxRoom room = server.Rooms.Find("one")!;
        Assert.Equal(["bob: one", "bob: two"], await room.InvokeAsync(() => board!.State.Notes).Soon());
        Assert.Equal("two", await room.InvokeAsync(() => board!.State.Secret).Soon());
        Assert.Equal(7, await room.InvokeAsync(() => sum!.State).Soon());
        Assert.Equal("red", await room.InvokeAsync(() => atoms!["colour"]?.Text).Soon());
        Assert.Equal(0, gaps);
        server.Logs.AssertNoErrors([]);
    }

    private Task<DurableServer> StartAsync(Action<KrmxOptions>? options = null) =>
        new DurableServer(builder => builder.UseSqlite($"Data Source={File}"), SetUp, options).StartAsync();

    private void SetUp(KrmxRoom room)
    {
        KrmxValue<int> count = room.AddValue("count", 0);
        room.OnOpen(() => _log.Add($"open {count.Value}"));
        room.OnJoin(user => _log.Add($"join {user.Name}"));
        room.OnLink((user, link) => _log.Add($"link {user.Name} {(link.IsRecovered ? "again" : "new")}"));
        room.OnUnlink((user, reason) => _log.Add($"unlink {user.Name} {reason}"));
        room.OnLeave(user => _log.Add($"leave {user.Name}"));
        room.OnAlarm(_ => _log.Add("rings"));
        room.OnMessage<int>("wake", (_, time) =>
        {
            room.SetAlarm("wake", TimeSpan.FromMilliseconds(time));
            _log.Add("wake");
        });
        room.OnMessage<string>("say", (user, text) =>
        {
            _log.Add($"say {text}");
            room.Broadcast("said", count.Update(static n => n + 1));
        });
    }

    internal sealed record Board(ImmutableList<string> Notes, string? Secret);
}
