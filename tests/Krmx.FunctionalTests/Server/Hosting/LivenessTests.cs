using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>Protocol section 7: pings, and the end of those who answer nothing.</summary>
public class LivenessTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(4);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task SilentConnection_IsPingedAndThenEnded()
    {
        await using TestServer server = await StartAsync();
        await using WireClient bystander = await server.LinkAsync("bystander");
        await using WireClient silent = await server.LinkAsync("silent");
        await bystander.ExpectAsync(Texts.Joined("silent"), Texts.Linked("silent"));

        _time.Pass(Interval);
        Assert.Equal(WireFrame.PingOpcode, (await silent.ReadFrameAsync())!.Opcode);
        await bystander.EchoAsync();
        _time.Pass(PingTimeout);

        await silent.ExpectEndAsync();
        await server.Events.WaitFor("unlink silent TimedOut");
        await bystander.ExpectAsync(Texts.Unlinked("silent"));
        await bystander.EchoAsync();
        await server.Until(room => room.ConnectionCount == 1, "the silent connection is gone");
    }

    [Fact]
    public async Task HalfOpenConnectionThatIsNotLinked_IsEnded()
    {
        await using TestServer server = await StartAsync();
        await using WireClient silent = await server.ConnectAsync();
        await server.Until(room => room.ConnectionCount == 1, "it is open");

        _time.Pass(Interval + PingTimeout);

        await silent.ExpectEndAsync();
        await server.Until(room => room.ConnectionCount == 0, "it is gone");
    }

    [Fact]
    public async Task ServerThatStoodStill_EndsNobodyWhoAnswersThen()
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient silent = await server.LinkAsync("silent");
        await bob.ExpectAsync(Texts.Joined("silent"), Texts.Linked("silent"));
        _time.Pass(Interval);

        _time.Advance(TimeSpan.FromHours(1));
        await bob.EchoAsync();
        _time.Pass(PingTimeout);

        await silent.ExpectEndAsync();
        await bob.ExpectAsync(Texts.Unlinked("silent"));
        await bob.EchoAsync();
    }

    [Theory]
    [InlineData("text")]
    [InlineData("pong")]
    [InlineData("ping")]
    public async Task AnyInboundFrame_IsLife(string what)
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        for (int i = 0; i < 10; i++)
        {
            // Each time to the last moment, and then something that the server has certainly read.
            _time.Pass(Interval + PingTimeout - TimeSpan.FromMilliseconds(1));
            switch (what)
            {
                case "text":
                    await bob.EchoAsync();
                    break;
                default:
                    int opcode = what == "pong" ? WireFrame.PongOpcode : WireFrame.PingOpcode;
                    await bob.SendAsync(new WireFrame(opcode, []));
                    await bob.PingAsync();
                    break;
            }
        }

        Assert.Equal(0, server.Events.Count("unlink bob TimedOut"));
    }

    [Fact]
    public async Task PingIntervalZero_PingsAndEndsNobody()
    {
        await using TestServer server = await StartAsync(options => options.Pings.Interval = TimeSpan.Zero);
        await using WireClient bob = await server.LinkAsync("bob");

        _time.Pass(TimeSpan.FromDays(1));

        await bob.SendAsync("""{"type":"echo"}""");
        Assert.Equal("""{"type":"echo"}""", (await bob.ReadFrameAsync())!.Text);
    }

    [Fact]
    public async Task ConnectionWhoseFramesWaitForABlockedRoom_IsAlive()
    {
        using var blocked = new ManualResetEventSlim();
        using var isBlocking = new ManualResetEventSlim();
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        server.Room.Post(() =>
        {
            isBlocking.Set();
            blocked.Wait();
        });
        isBlocking.Wait(Patience.Limit);

        // More than the room takes in while it is blocked, so that the server stops reading: after 16, with one more in hand.
        await bob.SendAsync([.. Enumerable.Repeat(WireFrame.OfText("""{"type":"echo"}"""), 100)]);
        await server.Metrics.WaitFor("krmx.frames.received", 1 + 17);
        for (int i = 0; i < 20; i++)
            await using (await server.HandshakeAsync("/other"))
            {
            }
        _time.Pass(10 * (Interval + PingTimeout));
        blocked.Set();

        await bob.ExpectAsync([.. Enumerable.Repeat("""{"type":"echo"}""", 100)]);
    }

    private Task<TestServer> StartAsync(Action<KrmxOptions>? options = null) =>
        new TestServer
        {
            Time = _time,
            Options = o =>
            {
                (o.Pings.Interval, o.Pings.Timeout) = (Interval, PingTimeout);
                options?.Invoke(o);
            },
        }.StartAsync();
}
