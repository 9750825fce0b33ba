using System.Diagnostics;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.Rooms;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 4: a newcomer has the user of a connection that is dead, and of no other.</summary>
public class LinkChallengeTests
{
    private const string Echo = """{"type":"echo","payload":1}""";

    private static readonly string Rejected = Texts.Rejected("user bob is already linked to a connection");
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(1);

    // It stands still, so whatever happens is no matter of time.
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(WireFrame.PongOpcode)]
    [InlineData(WireFrame.PingOpcode)]
    [InlineData(WireFrame.TextOpcode)]
    public async Task AnyFrameOfTheOwner_KeepsTheUser(int opcode)
    {
        await using TestServer server = await StartAsync();
        await using WireClient owner = await server.LinkAsync("bob");
        await using WireClient fresh = await ChallengeAsync(server, owner);

        await owner.SendAsync(WireFrame.OfText(opcode == WireFrame.TextOpcode ? Echo : "") with { Opcode = opcode });

        await fresh.ExpectAsync(Rejected);
        await owner.PingAsync();
        await owner.EchoAsync();
    }

    [Fact]
    public async Task PartOfAMessage_KeepsTheUser()
    {
        await using TestServer server = await StartAsync();
        await using WireClient owner = await server.LinkAsync("bob");
        await using WireClient fresh = await ChallengeAsync(server, owner);

        byte[] message = WireFrame.OfText(Echo).ToBytes();
        await owner.SendAsync(message.AsMemory(0, message.Length - 1));
        await fresh.ExpectAsync(Rejected);

        await owner.SendAsync(message.AsMemory(message.Length - 1));
        await owner.ExpectAsync(Echo);
    }

    [Fact]
    public async Task SilentOwner_LosesTheUserAndHearsOfIt()
    {
        await using TestServer server = await StartAsync();
        await using WireClient owner = await server.LinkAsync("bob");
        await using WireClient fresh = await ChallengeAsync(server, owner);

        await PassHalfAsync(server);
        Assert.Equal(0, server.Events.Count("unlink bob Replaced"));
        await PassHalfAsync(server);

        await fresh.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"));
        await owner.ExpectAsync(Texts.Unlinked("bob"));
        await owner.LinkAsync("carol");
        await fresh.ExpectAsync(Texts.Joined("carol"), Texts.Linked("carol"));
    }

    [Fact]
    public async Task OwnerThatCloses_MakesWayAtOnce()
    {
        await using TestServer server = await StartAsync();
        await using WireClient owner = await server.LinkAsync("bob");
        await using WireClient fresh = await ChallengeAsync(server, owner);

        await owner.SendAsync(WireFrame.OfClose(1000));

        await fresh.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"));
    }

    [Fact]
    public async Task AnswerThatWaitsForABlockedRoom_IsNotTooLate()
    {
        using var released = new ManualResetEventSlim();
        using var isBlocking = new ManualResetEventSlim();
        await using TestServer server = await StartAsync();
        await using WireClient owner = await server.LinkAsync("bob");
        await using WireClient fresh = await ChallengeAsync(server, owner);
        server.Room.Post(() =>
        {
            isBlocking.Set();
            released.Wait();
        });
        isBlocking.Wait(Patience.Limit);

        await owner.SendAsync(new WireFrame(WireFrame.PongOpcode, []));
        await owner.PingAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        released.Set();

        await fresh.ExpectAsync(Rejected);
        await owner.EchoAsync();
    }

    [Fact]
    public async Task Stranger_DoesNotHaveTheOwnerPinged()
    {
        await using TestServer server = await StartAsync(
            configure: room => room.OnAuthenticate(link => link.Auth == "secret" ? LinkResult.Accept : LinkResult.Reject("wrong password")));
        await using WireClient owner = await (await server.ConnectAsync()).LinkAsync("bob", "secret");
        await using WireClient stranger = await server.ConnectAsync();

        await stranger.AskAsync("bob", "guess");
        await stranger.ExpectAsync(Texts.Rejected("wrong password"));

        await owner.SendAsync(Echo);
        Assert.Equal(Echo, (await owner.ReadFrameAsync())!.Text);
        await stranger.AskAsync("bob", "secret");
        Assert.Equal(WireFrame.PingOpcode, (await owner.ReadFrameAsync())!.Opcode);
    }

    [Fact]
    public async Task AnswersToChallenges_AreNotCountedAgainstTheOwner()
    {
        const int Burst = 5;
        await using TestServer server = await StartAsync(options => (options.Messages.MaxPerSecond, options.Messages.MaxBurst) = (1, Burst));
        await using WireClient owner = await server.LinkAsync("bob");
        owner.AnswersPings = true;

        for (int i = 0; i < 3; i++)
        {
            await using WireClient rival = await server.ConnectAsync();
            for (int asked = 0; asked < Burst; asked++)
            {
                await rival.AskAsync("bob");
                await owner.SkipToPingAsync();
                await rival.ExpectAsync(Rejected);
            }
        }

        await owner.EchoAsync();
    }

    [Fact]
    public async Task PhoneWhoseNetworkVanished_LosesItsUserLongBeforeThePingTimeout()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using var proxy = new FaultProxy(new Uri($"ws://127.0.0.1:{server.Port}/krmx"));
        await using WireClient phone = await WireClient.ConnectAsync(proxy.Uri.Port);
        await phone.LinkAsync("bob");
        proxy.CutFromClient(); // the server is told nothing
        await using WireClient again = await server.ConnectAsync();
        long asked = Stopwatch.GetTimestamp();

        await again.LinkAsync("bob");

        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(12));
        Assert.Equal(1, server.Events.Count("unlink bob Replaced"));
    }

    [Fact]
    public async Task ClientOfNpm_KeepsItsUser()
    {
        await using TestServer server = await StartAsync();
        await using NpmPeer npm = NpmPeer.Start("peers/client.mjs");
        await npm.DoAsync("connect", new() { ["client"] = "a", ["url"] = $"ws://127.0.0.1:{server.Port}/krmx" });
        await npm.DoAsync("link", new() { ["client"] = "a", ["username"] = "bob" });
        await using WireClient fresh = await server.ConnectAsync();

        await fresh.AskAsync("bob");

        await fresh.ExpectAsync(Rejected);
        JsonObject status = await npm.DoAsync("status", new() { ["client"] = "a" });
        Assert.Equal("bob", (string?)status["username"]);
    }

    /// <summary>Connects a newcomer who wants the owner's user, until the owner is asked whether it is alive.</summary>
    private static async Task<WireClient> ChallengeAsync(TestServer server, WireClient owner)
    {
        WireClient fresh = await server.ConnectAsync();
        await fresh.AskAsync("bob");
        await owner.SkipToPingAsync();
        return fresh;
    }

    /// <summary>Lets half of the owner's time pass, for a room that notices.</summary>
    private async Task PassHalfAsync(TestServer server)
    {
        IRoomInput room = server.Room;
        TimeSpan? due = await server.Room.InvokeAsync(() => room.NextDue);
        _time.Advance(Half);
        await server.Until(_ => room.NextDue != due, "the room has noticed");
    }

    private Task<TestServer> StartAsync(Action<KrmxOptions>? options = null, Action<KrmxRoom>? configure = null) =>
        new TestServer { Time = _time, Options = options, Configure = configure }.StartAsync();
}
