using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>Frames that the framework's WebSocket handles without a word: pings, pongs, and fragments that carry next to nothing.</summary>
public class ExtraFrameTests
{
    private const int Burst = 10, SmallFragment = 1023;
    private const string Echo = """{"type":"echo","payload":1}""";

    private static readonly WireFrame Ping = new(WireFrame.PingOpcode, []);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(WireFrame.PingOpcode, 0)]
    [InlineData(WireFrame.PingOpcode, 125)]
    [InlineData(WireFrame.PongOpcode, 0)]
    [InlineData(WireFrame.Continuation, 0)]
    [InlineData(WireFrame.Continuation, SmallFragment)]
    public async Task EachCountsAsAMessage(int opcode, int length)
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        // The link and the echo are two of ten.
        await bob.SendAsync([.. ExtraFrames(opcode, length, Burst - 2), End(opcode)]);
        await bob.ExpectAsync(Echo);
        await bob.SendAsync(Ping);

        await bob.ExpectCloseAsync(1008);
        await server.Events.WaitFor("unlink bob RateExceeded");
        await server.Metrics.WaitFor("krmx.evictions", 1, nameof(UnlinkReason.RateExceeded));
    }

    [Fact]
    public async Task AtTheRate_TheyGoOnForever()
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        for (int i = 0; i < 10 * Burst; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await bob.PingAsync();
        }
    }

    [Fact]
    public async Task LargeFragments_AreBoundedByTheSizeOfAMessage()
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        for (int i = 0; i < Burst - 2; i++)
        {
            await bob.SendAsync([.. ExtraFrames(WireFrame.Continuation, SmallFragment + 1, 50), End(WireFrame.Continuation)]);
            await bob.ExpectAsync(Echo);
        }
    }

    [Fact]
    public async Task PeerThatGoesOnPastTheLimit_IsCutWhenItsTimeToAnswerIsOver()
    {
        await using TestServer server = await StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await bob.SendAsync([.. Enumerable.Repeat(Ping, Burst)]);
        await server.Events.WaitFor("unlink bob RateExceeded");

        await bob.SendAsync([.. Enumerable.Repeat(Ping, Burst)]);
        _time.Pass(TimeSpan.FromSeconds(10));

        await bob.ExpectEndAsync();
    }

    private static IEnumerable<WireFrame> ExtraFrames(int opcode, int length, int count)
    {
        byte[] payload = Enumerable.Repeat((byte)' ', length).ToArray(); // which JSON ignores
        bool areFragments = opcode == WireFrame.Continuation;
        for (int i = 0; i < count; i++)
            yield return new WireFrame(areFragments && i == 0 ? WireFrame.TextOpcode : opcode, payload) { IsFinal = !areFragments };
    }

    /// <summary>An echo, as a message of its own or as the end of the one that was begun.</summary>
    private static WireFrame End(int opcode) =>
        WireFrame.OfText(Echo) with { Opcode = opcode == WireFrame.Continuation ? opcode : WireFrame.TextOpcode };

    private Task<TestServer> StartAsync() =>
        new TestServer { Time = _time, Options = options => (options.Messages.MaxPerSecond, options.Messages.MaxBurst) = (1, Burst) }.StartAsync();
}
