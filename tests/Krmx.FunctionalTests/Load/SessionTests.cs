using System.Net;
using System.Net.Sockets;
using System.Text;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.Load;
using Krmx.Load.Connections;
using Krmx.Load.Loads;
using LoadTransport = Krmx.Load.Connections.Transport;

namespace Krmx.FunctionalTests.Load;

/// <summary>Loads whose clients have sessions, and lose their connections.</summary>
public class SessionTests
{
    private const int Clients = 20, Senders = 5;

    private static readonly KrmxWire Wire = new("/krmx") { Resumes = true };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientsThatAreCut_GoOn_AndMissNothing(bool hasRate)
    {
        await using TestServer server = await StartAsync();
        var check = new DeliveryCheck(Clients, Senders);
        ILoad load = hasRate ? new FixedRate(Wire, Senders, perSecond: 500, length: 100, check) : new ClosedLoop(Wire, Senders, window: 4, length: 100, check);
        using Fleet fleet = await LinkAsync(server, load.Handle);
        var cutter = new Cutter(fleet, period: TimeSpan.FromSeconds(0.2));
        using CancellationTokenSource stopSending = new(), stopCutting = new();

        Task sending = load.RunAsync(fleet.Clients, stopSending.Token);
        Task cutting = cutter.RunAsync(stopCutting.Token);
        await fleet.WaitAsync(Patience.Until(() => cutter.Recovered >= 5 * Clients, "each was cut five times"));
        await stopCutting.CancelAsync();
        await cutting.Soon();
        await stopSending.CancelAsync();
        await sending.Soon();

        await fleet.WaitAsync(Patience.Until(() => check.Lost == 0, () => $"all came to all; {check.Lost} are missing"));
        Assert.True(check.Sent > 100, $"{check.Sent} sent");
        Assert.True(check.IsFlawless);
        Assert.Equal((cutter.Cut, 0), (cutter.Recovered, cutter.Anew));
        Assert.Equal(cutter.Cut, cutter.Away.Count);
    }

    [Fact]
    public async Task WhatTheServerSays_CountsAlike()
    {
        await using TestServer server = await StartAsync();
        using Fleet fleet = await LinkAsync(server, (_, _) => { });
        LoadClient client = fleet.Clients[0];

        // Changes count, and so do messages that nobody's mark is in; an ack that is wrong would end the session.
        for (int i = 0; i < 100; i++)
        {
            await (await server.LinkAsync($"guest{i}")).DisposeAsync();
            await server.Room.InvokeAsync(() => server.Room.Broadcast("news", "volatile"));
            client.SendMessage(ClientFrame.OfText("""{"type":"say","payload":{"volatile":true}}"""));
        }
        await fleet.CutAsync(client, isReset: false);
        await fleet.ReturnAsync(client).Soon();

        Assert.True(client.IsRecovered);
        Assert.False(fleet.Failed.IsCompleted);
        Assert.DoesNotContain("unlink load0 ProtocolViolation", server.Events.Entries);
    }

    [Fact]
    public async Task ASessionThatCannotGoOn_BeginsAnew_AndWhatWasMissedIsLost()
    {
        await using TestServer server = await StartAsync(options => options.Sessions.MaxJournalEntries = 0);
        var check = new DeliveryCheck(Clients, Senders);
        var load = new FixedRate(Wire, senders: 1, perSecond: 200, length: 100, check);
        using Fleet fleet = await LinkAsync(server, load.Handle);
        using var stop = new CancellationTokenSource();
        Task sending = load.RunAsync(fleet.Clients, stop.Token);
        LoadClient client = fleet.Clients[1];

        await fleet.CutAsync(client, isReset: true);
        long others = fleet.Count;
        await fleet.WaitAsync(Patience.Until(() => fleet.Count > others + (10 * Clients), "the others have had more"));
        await fleet.ReturnAsync(client).Soon();
        long count = client.Count;
        await fleet.WaitAsync(Patience.Until(() => client.Count > count, "it has had something again"));
        await stop.CancelAsync();
        await sending.Soon();

        Assert.False(client.IsRecovered);
        Assert.True(check.Lost >= 10, $"{check.Lost} lost");
    }

    [Fact]
    public async Task AServerWithoutSessions_IsAnError()
    {
        await using TestServer server = await StartAsync(options => options.Sessions.Enabled = false);
        using var fleet = new Fleet(new DnsEndPoint("127.0.0.1", server.Port), Wire, 1, (_, _) => { });
        await fleet.ConnectAsync();

        LoadException error = await Assert.ThrowsAsync<LoadException>(() => fleet.GetReadyAsync().Soon());

        Assert.Contains("grants no sessions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUserWhoIsUnlinked_IsAnError()
    {
        await using TestServer server = await StartAsync();
        using Fleet fleet = await LinkAsync(server, (_, _) => { });

        await server.Room.InvokeAsync(() => server.Room.Unlink("load3"));

        LoadException error = await Assert.ThrowsAsync<LoadException>(() => fleet.Failed.Soon());
        Assert.Contains("unlinked client 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, """{"type":"krmx/accepted"}""", """{"type":"krmx/rejected","payload":{"reason":"no"}}""", """{"type":"krmx/ack","payload":{"received":0,"sent":0}}""")]
    [InlineData(0, """{"type":"a","volatile":true}""", """{"type":"a","payload":1,"volatile":false,"volatile":true}""")]
    [InlineData(3, """{"type":"a","payload":{"volatile":true}}""", """{"type":"a","volatile":false}""", """{"type":"volatile"}""")]
    [InlineData(2, """{"type":"krmx/changes","payload":{"changes":[]}}""", """{"type":"krmx/left","payload":{"username":"a"}}""")]
    public void AFrame_CountsOrNot(int expected, params string[] frames)
    {
        using var transport = new LoadTransport(new Socket(SocketType.Stream, ProtocolType.Tcp));
        KrmxSession session = Wire.NewSession(0)!;
        session.Hello();
        session.Begin("""{"type":"krmx/accepted","payload":{"extensions":["resume"],"session":1}}"""u8, transport);
        session.Take("""{"type":"krmx/users","payload":{"users":[]}}"""u8);
        Assert.EndsWith(",\"session\":1}}}", session.Hello(), StringComparison.Ordinal);
        session.Take("""{"type":"krmx/ready"}"""u8);

        foreach (string frame in frames)
            session.Take(Encoding.UTF8.GetBytes(frame));

        Assert.EndsWith($",\"session\":1,\"received\":{expected}}}}}}}", session.Hello(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it has sent 1 messages", """{"type":"krmx/ack","payload":{"received":0,"sent":1}}""")]
    [InlineData("it has handled 2 messages", """{"type":"krmx/ack","payload":{"received":2,"sent":0}}""")]
    [InlineData("no message of the protocol", """{"type":"krmx/ack","payload":{"received":"1","sent":0}}""")]
    [InlineData("no message of the protocol", """{"type":"krmx/ack"}""")]
    [InlineData("no message of the protocol", """{"type":"krmx/ack","payload":""")]
    public void WhatCannotBe_IsAnError(string problem, string ack)
    {
        using var transport = new LoadTransport(new Socket(SocketType.Stream, ProtocolType.Tcp));
        KrmxSession session = Wire.NewSession(0)!;
        session.Begin("""{"type":"krmx/accepted","payload":{"extensions":["resume"],"session":1}}"""u8, transport);
        session.Take("""{"type":"krmx/ready"}"""u8);
        session.Send(ClientFrame.OfText("{}"));

        LoadException error = Assert.Throws<LoadException>(() => session.Take(Encoding.UTF8.GetBytes(ack)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static async Task<Fleet> LinkAsync(TestServer server, FrameHandler handler)
    {
        var fleet = new Fleet(new DnsEndPoint("127.0.0.1", server.Port), Wire, Clients, handler);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        return fleet;
    }

    private static Task<TestServer> StartAsync(Action<KrmxOptions>? options = null) => new TestServer
    {
        Configure = room => room.OnMessage((_, message) => room.Broadcast(message)),
        Options = krmx =>
        {
            krmx.Messages.MaxPerSecond = 0;
            options?.Invoke(krmx);
        },
    }.StartAsync();
}
