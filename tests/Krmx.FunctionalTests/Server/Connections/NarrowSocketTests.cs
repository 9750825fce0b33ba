using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Hosting;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>Sockets whose buffers hold next to nothing, so that writes are cut off in the middle of frames.</summary>
public class NarrowSocketTests
{
    private const int Rounds = 300;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BroadcastsAnswersAndPongs_ArriveWholeAndInOrder(bool isSecure)
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using TestServer server = await new TestServer
        {
            Certificate = isSecure ? certificate : null,
            Options = options => options.Connections.MaxQueuedBytes = 64 * 1024 * 1024,
            Build = builder => builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = Narrow),
        }.StartAsync();
        await using WireClient alice = await server.LinkAsync("alice");
        await using WireClient bob = await server.LinkAsync("bob");
        await alice.ExpectAsync(Texts.Joined("bob"), Texts.Linked("bob"));

        // Nobody reads while this goes on, so almost all of it has to wait; own and shared frames alternate.
        int turns = 0;
        await server.Room.InvokeAsync(() =>
        {
            turns = server.Metrics.Count("krmx.turn.duration");
            for (int i = 0; i < Rounds; i++)
            {
                server.Room.Broadcast("to-all", Body(i));
                server.Room.Send("alice", "to-one", i);
                server.Room.BroadcastExcept("bob", "to-others", Body(i));
            }
        });
        await Patience.Until(() => server.Metrics.Count("krmx.turn.duration") > turns, "the turn has ended, and with it what it sent is on its way");
        await alice.SendAsync(new WireFrame(WireFrame.PingOpcode, [1, 2, 3]));
        await alice.SendAsync("""{"type":"echo"}""");

        for (int i = 0; i < Rounds; i++)
        {
            string body = Body(i);
            await alice.ExpectAsync(
                $$"""{"type":"to-all","payload":"{{body}}"}""",
                $$"""{"type":"to-one","payload":{{i}}}""",
                $$"""{"type":"to-others","payload":"{{body}}"}""");
            await bob.ExpectAsync($$"""{"type":"to-all","payload":"{{body}}"}""");
        }
        WireFrame? pong = await alice.ReadFrameAsync();
        Assert.Equal(WireFrame.PongOpcode, pong?.Opcode);
        await alice.ExpectAsync("""{"type":"echo"}""");

        Task stopped = server.StopAsync();
        await alice.ExpectCloseAsync(1012, Texts.Unlinked("alice"), Texts.Left("alice"));
        await bob.ExpectCloseAsync(1012, Texts.Unlinked("bob"), Texts.Left("bob"));
        await stopped;
    }

    [Fact]
    public async Task AConnectionThatIsPingedBeforeItLinks_GoesOnInOrder()
    {
        await using TestServer server = await new TestServer
        {
            Options = options =>
            {
                options.Pings.Interval = TimeSpan.FromMilliseconds(100);
                options.Pings.Timeout = TimeSpan.FromSeconds(60);
            },
        }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();
        WireFrame? ping = await bob.ReadFrameAsync();
        Assert.Equal(WireFrame.PingOpcode, ping?.Opcode);

        await bob.SendAsync(new WireFrame(WireFrame.PongOpcode, []));
        await bob.LinkAsync("bob");

        await bob.EchoAsync($"\"{new string('x', 60_000)}\"");
    }

    private static string Body(int i) => new((char)('a' + (i % 26)), 100 + (i * 7 % 3000));

    /// <summary>What is accepted on a socket has its buffers' sizes.</summary>
    private static Socket Narrow(EndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 1024 };
        socket.Bind(endpoint);
        return socket;
    }
}
