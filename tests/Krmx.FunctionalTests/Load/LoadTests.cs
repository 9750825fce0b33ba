using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.Load;
using Krmx.Load.Connections;
using Krmx.Load.Loads;

namespace Krmx.FunctionalTests.Load;

public class LoadTests
{
    private const int Clients = 20;

    private static readonly KrmxWire Wire = new("/krmx");

    [Fact]
    public async Task ClosedLoop_CountsEveryDeliveryOnce()
    {
        await using TestServer server = await StartAsync();
        var loop = new ClosedLoop(Wire, senders: 3, window: 2, length: 200);
        using var fleet = new Fleet(AddressOf(server), Wire, Clients, loop.Handle);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        int relayed = 0;
        await server.Room.InvokeAsync(() => server.Room.OnMessage((_, _) => relayed++));

        await loop.RunAsync(fleet.Clients, default);
        LoadResult result = await Measurement.TakeAsync(fleet, loop.Latencies, TimeSpan.Zero, TimeSpan.FromMilliseconds(300), server: null);
        foreach (LoadClient sender in fleet.Clients.Take(3))
            sender.Send(ClientFrame.OfText("""{"type":"krmx/unlink"}"""));
        await server.Until(room => room.LinkedCount == Clients - 3, "the senders have stopped");

        // Those who did not send have had all there was.
        Assert.True(result.Deliveries > 0);
        Assert.True(result.Latencies.Count > 0);
        await Patience.Until(async () =>
        {
            int sent = await server.Room.InvokeAsync(() => relayed);
            return fleet.Clients.Skip(3).All(client => client.Count == sent);
        }, "every client counted every message once");
    }

    [Fact]
    public async Task FixedRate_MeasuresEveryDelivery()
    {
        await using TestServer server = await StartAsync();
        var load = new FixedRate(Wire, senders: 2, perSecond: 100, length: 200);
        using var fleet = new Fleet(AddressOf(server), Wire, Clients, load.Handle);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        using var stop = new CancellationTokenSource();

        Task sending = load.RunAsync(fleet.Clients, stop.Token);
        await Patience.Until(() => fleet.Count >= 10 * Clients, "ten messages reached all");
        await stop.CancelAsync();
        await sending;

        await Patience.Until(() => fleet.Count % Clients == 0 && load.Latencies.Count == fleet.Count, "what was sent reached all");
        Assert.True(load.Latencies.Milliseconds(1) < 60_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LinkStorm_EndsWhenAllHaveSeenAll(bool hasPresence)
    {
        await using TestServer server = await StartAsync();
        var wire = new KrmxWire(Wire.PathAndQuery) { HasPresence = hasPresence };
        var storm = new LinkStorm(wire, Clients);
        using var fleet = new Fleet(AddressOf(server), wire, Clients, storm.Handle);
        await fleet.ConnectAsync();

        await storm.RunAsync(fleet).Soon();

        Assert.All(fleet.Clients, client => Assert.Equal(Clients, client.Count));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task MassReturn_EndsWhenAllAreBack_AndCanBeDoneAgain(bool hasPresence, bool resumes)
    {
        const int Away = 5, Missed = 10, Rounds = 3;
        await using TestServer server = await StartAsync();
        var wire = new KrmxWire(Wire.PathAndQuery) { HasPresence = hasPresence, Resumes = resumes };
        var load = new MassReturn(wire, Clients, Away, Missed);
        using var fleet = new Fleet(AddressOf(server), wire, Clients, load.Handle);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        using var self = new ProcessProbe(Environment.ProcessId);

        for (int i = 1; i <= Rounds; i++)
        {
            MassReturnResult result = await load.RunAsync(fleet, self).Soon();

            Assert.True(result.ServerCpuSeconds > 0);
            Assert.Equal(Clients, await server.Room.InvokeAsync(() => server.Room.LinkedCount));
            Assert.Equal(i * Away, server.Events.Entries.Count(entry => entry.StartsWith("unlink ", StringComparison.Ordinal)));

            // Without sessions each is told of everybody, one by one or in a list; with them, of what it has missed.
            int least = resumes ? Away * Missed : hasPresence ? Away * 2 : Away * Clients;
            Assert.InRange(result.Frames, least, least + (Away * 2 * Clients));
        }
    }

    [Fact]
    public async Task ALostConnection_IsAnError()
    {
        await using TestServer server = await StartAsync();
        using var fleet = new Fleet(AddressOf(server), Wire, Clients, (_, _) => { });
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();

        await server.StopAsync();

        LoadException error = await Assert.ThrowsAsync<LoadException>(() => fleet.Failed.Soon());
        Assert.Contains("closed the connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusedUser_IsAnError()
    {
        await using TestServer server = await StartAsync(room => room.OnAuthenticate(_ => LinkResult.Reject("no load here")));
        using var fleet = new Fleet(AddressOf(server), Wire, 1, (_, _) => { });
        await fleet.ConnectAsync();

        LoadException error = await Assert.ThrowsAsync<LoadException>(() => fleet.GetReadyAsync().Soon());

        Assert.Contains("no load here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongPath_IsAnError()
    {
        await using TestServer server = await StartAsync();
        using var fleet = new Fleet(AddressOf(server), new KrmxWire("/elsewhere"), 1, (_, _) => { });

        LoadException error = await Assert.ThrowsAsync<LoadException>(() => fleet.ConnectAsync().Soon());

        Assert.Contains("/elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    private static DnsEndPoint AddressOf(TestServer server) => new("127.0.0.1", server.Port);

    private static Task<TestServer> StartAsync(Action<KrmxRoom>? configure = null) => new TestServer
    {
        Configure = room =>
        {
            room.OnMessage((_, message) => room.Broadcast(message));
            configure?.Invoke(room);
        },
    }.StartAsync();
}
