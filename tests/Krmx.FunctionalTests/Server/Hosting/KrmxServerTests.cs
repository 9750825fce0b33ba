using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Krmx.FunctionalTests.Server.Hosting;

public class KrmxServerTests
{
    [Fact]
    public async Task TwoListensAtOnce_OneIsRefused()
    {
        int rooms = 0;
        await using var server = new KrmxServer(_ => Interlocked.Increment(ref rooms));

        Task<int>[] listens = [Task.Run(() => server.ListenAsync()), Task.Run(() => server.ListenAsync())];
        await Assert.ThrowsAsync<KrmxException>(() => Task.WhenAll(listens)).Soon();

        Assert.Equal(1, listens.Count(listen => listen.IsCompletedSuccessfully));
        Assert.Equal(1, rooms);
    }

    [Fact]
    public async Task TwoClosesAtOnce_BothWaitForTheEnd()
    {
        var events = new EventLog();
        await using var server = new KrmxServer(events.Attach);
        int port = await server.ListenAsync().Soon();
        await using WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob");

        Task first = server.CloseAsync(), second = server.CloseAsync();
        Assert.Equal(1001, (await bob.ReadToEndAsync()).Code);
        Assert.False(second.IsCompleted, "bob has not answered the close yet");
        await bob.DisposeAsync();

        await second.Soon();
        Assert.Equal("close", events.Entries[^1]);
        Assert.Equal(port, await server.ListenAsync(port).Soon());
        await first.Soon();
    }

    [Fact]
    public async Task ServerThatClosed_ListensAgainWithANewRoom()
    {
        int rooms = 0;
        await using var server = new KrmxServer(_ => rooms++);
        await server.CloseAsync().Soon();
        int port = await server.ListenAsync().Soon();
        await server.CloseAsync().Soon();
        await server.CloseAsync().Soon();

        Assert.Equal(port, await server.ListenAsync(port).Soon());

        Assert.Equal(2, rooms);
        await using WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob");
    }

    [Theory]
    [InlineData(null, "/", "/other")]
    [InlineData("/game/krmx", "/game/krmx", "/")]
    public async Task OnePath_IsServed(string? path, string served, string other)
    {
        await using KrmxServer server = path is null ? new(_ => { }) : new(_ => { }) { Path = path };
        int port = await server.ListenAsync().Soon();

        await using WireClient bob = await (await WireClient.ConnectAsync(port, served)).LinkAsync("bob");
        await using WireClient stranger = await WireClient.HandshakeAsync(port, other);

        Assert.Equal(404, stranger.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("game")]
    [InlineData("/rooms/{room}")]
    [InlineData("/game?x=1")]
    public void PathThatIsNone_IsRefused(string path) => Assert.Throws<ArgumentException>(() => new KrmxServer(_ => { }) { Path = path });

    [Fact]
    public async Task BadOption_FailsListenNamingIt()
    {
        await using var server = new KrmxServer(_ => { }, options => options.Messages.MaxBytes = 0);

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => server.ListenAsync()).Soon();

        Assert.Contains("Messages.MaxBytes", error.Message);
    }

    [Fact]
    public async Task CancelledListen_MayBeTriedAgain()
    {
        await using var server = new KrmxServer(_ => { });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.ListenAsync(0, new CancellationToken(canceled: true))).Soon();

        Assert.NotEqual(0, await server.ListenAsync().Soon());
    }

    [Fact]
    public async Task RoomIsThereWhileItCloses()
    {
        KrmxServer? server = null;
        var seen = new List<string>();
        await using KrmxServer closing = server = new KrmxServer(room => room.OnLeave(user => seen.Add($"{user.Name} {server!.Room.Status}")));
        int port = await server.ListenAsync().Soon();
        await using (WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob"))
        {
            Task closed = server.CloseAsync();
            await bob.ExpectCloseAsync(1001, Texts.Unlinked("bob"), Texts.Left("bob"));
            await closed.Soon();
        }

        Assert.Equal(["bob Closing"], seen);
    }

    [Fact]
    public async Task RoomThatAListenerBlocks_IsLeftBehind()
    {
        const int CloseGivenUp = 14;
        using var logs = new CapturedLogs();
        using var loggers = new LoggerFactory([logs]);
        using var released = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource();
        await using var server = new KrmxServer(
            room => room.OnMessage("block", (KrmxUser _, KrmxMessage _) =>
            {
                blocked.SetResult();
                released.Wait();
            }),
            options => options.Rooms.CloseTimeout = TimeSpan.FromMilliseconds(100),
            loggers);
        int port = await server.ListenAsync().Soon();
        await using WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob");
        await bob.SendAsync("""{"type":"block"}""");
        await blocked.Task.Soon();

        await server.CloseAsync().Soon();

        Assert.Equal(1001, (await bob.ReadToEndAsync()).Code);
        Assert.Single(logs.Entries, entry => entry is { Category: "Krmx", EventId: CloseGivenUp });
        Assert.Equal(port, await server.ListenAsync(port).Soon());
        released.Set();
    }

    [Fact]
    public async Task RemoteAddress_IsPlainWhicheverWayTheServerListens()
    {
        IPAddress? seen = null;
        await using var server = new KrmxServer(room => room.OnAuthenticate(link =>
        {
            seen = link.Connection.RemoteAddress;
            return LinkResult.Accept;
        }));
        int port = await server.ListenAsync().Soon();

        await using WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob");

        Assert.Equal(IPAddress.Loopback, seen);
    }
}
