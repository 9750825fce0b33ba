using System.Net.WebSockets;

namespace Krmx.Tests.Client;

public sealed class ClientReconnectTests
{
    [Fact]
    public async Task Drop_IsFollowedByAReconnectAndARelinkWithFreshAuth()
    {
        int asked = 0;
        (ClientHarness harness, FakeSocket socket) =
            await ClientHarness.LinkedAsync(auth: _ => new ValueTask<string?>($"ticket {++asked}"));
        socket.Drop();
        await harness.Time.PassAsync(125);
        FakeSocket next = await harness.NextSocketAsync();
        Assert.Contains("ticket 2", await next.NextSentAsync(), StringComparison.Ordinal);
        next.Accept("bob");
        Assert.Equal(
            ["status Reconnecting", "unlink bob", "close", "status Connected", "connect", "status Linking", "status Linked"],
            await harness.HeardAsync("link bob"));
        Assert.Equal("bob", harness.Client.Username);
    }

    [Fact]
    public async Task Attempts_WaitLongerAndLongerUpToTheLongestDelay()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        harness.Obstacle = _ => throw new WebSocketException("still down");
        socket.Drop();
        foreach (double delay in new double[] { 125, 250, 500, 1000, 2000, 4000, 7500, 7500 })
            await harness.Time.PassAsync(delay);
        Assert.Equal(ClientStatus.Reconnecting, harness.Client.Status);
        await harness.Client.DisconnectAsync();
    }

    [Fact]
    public async Task Attempts_StartAnewAfterAConnectionThatLasted()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        await harness.HeardAsync("connect");
        socket.Drop();
        await harness.Time.PassAsync(250);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        harness.Time.Advance(TimeSpan.FromSeconds(15));
        socket.Drop();
        await harness.Time.PassAsync(125);
        await harness.NextSocketAsync();
    }

    [Fact]
    public async Task Attempts_AreGivenUpAfterTheMost()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            options => options with { Reconnect = options.Reconnect with { MaxAttempts = 2 } });
        harness.Obstacle = _ => throw new WebSocketException("still down");
        socket.Drop();
        await harness.Time.PassAsync(125);
        await harness.Time.PassAsync(250);
        await harness.HeardAsync("status Disconnected");
        Assert.Equal(3, harness.Dials);
        Assert.Equal([], await harness.EndAsync());
    }

    [Theory]
    [InlineData(WebSocketCloseStatus.ProtocolError)]
    [InlineData(WebSocketCloseStatus.InvalidMessageType)]
    [InlineData(WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData(WebSocketCloseStatus.PolicyViolation)]
    [InlineData(WebSocketCloseStatus.MessageTooBig)]
    public async Task CloseForABrokenRule_IsFinal(WebSocketCloseStatus status)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.CloseFromServer(status, "no");
        Assert.Equal($"close {(int)status}", await socket.NextSentAsync());
        await harness.HeardAsync("status Disconnected");
        Assert.Equal(new KrmxClose(status, "no", null), harness.Client.LastClose);
        await harness.HeardAsync("close");
        Assert.Equal(1, harness.Dials);
    }

    [Fact]
    public async Task CloseOfAServerThatGoesAway_IsFollowedByAReconnect()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        socket.CloseFromServer(WebSocketCloseStatus.EndpointUnavailable);
        await harness.Time.PassAsync(125);
        await harness.NextSocketAsync();
    }

    [Fact]
    public async Task Policy_MayBeNotToReconnect()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            options => options with { Reconnect = ReconnectPolicy.None });
        socket.Drop();
        await harness.HeardAsync("status Disconnected");
        await harness.HeardAsync("close");
        Assert.Equal(1, harness.Dials);
    }

    [Fact]
    public async Task Disconnect_EndsTheReconnecting()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.HeardAsync("close");
        await harness.Client.DisconnectAsync();
        Assert.Equal(["status Closing", "status Disconnected"], await harness.EndAsync());
        harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, harness.Dials);
    }

    [Theory]
    [InlineData("kick")]
    [InlineData("takeover")]
    [InlineData("unlink")]
    [InlineData("leave")]
    [InlineData("rejection")]
    public async Task Relink_DoesNotFollowAnEndOfTheLinkThatWasNoDrop(string end)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task asked = end switch
        {
            "unlink" => harness.Client.UnlinkAsync(),
            "leave" => harness.Client.LeaveAsync(),
            _ => Task.CompletedTask,
        };
        if (end is "unlink" or "leave")
            await socket.NextSentAsync();
        socket.DeliverOf("krmx/unlinked", "bob");
        if (end is "kick" or "leave")
            socket.DeliverOf("krmx/left", "bob");
        await asked;
        await harness.HeardAsync("unlink bob");
        if (end == "rejection")
        {
            Task rejected = harness.Client.LinkAsync("bob");
            await socket.NextSentAsync();
            socket.Reject("no");
            await ClientHarness.FailsAsync<KrmxLinkRejectedException>(rejected);
        }
        await AssertNoRelinkAsync(harness, socket);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, false)]
    public async Task Relink_FollowsTheFarewellOfAServerThatCloses(int secondsAfterTheKick, bool relinks)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.DeliverOf("krmx/unlinked", "bob");
        socket.DeliverOf("krmx/left", "bob");
        await harness.HeardAsync("leave bob");
        harness.Time.Advance(TimeSpan.FromSeconds(secondsAfterTheKick));
        socket.CloseFromServer(WebSocketCloseStatus.EndpointUnavailable);
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("status Reconnecting");
        await harness.HeardAsync("connect");
        if (!relinks)
            harness.Client.LinkAsync("amy").Ignore();
        Assert.Contains(relinks ? "bob" : "amy", await socket.NextSentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relink_DoesNotFollowADropDuringTheFirstLink()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        harness.Client.LinkAsync("bob").Ignore();
        await socket.NextSentAsync();
        await AssertNoRelinkAsync(harness, socket);
    }

    [Fact]
    public async Task Relink_FollowsADropDuringTheRelink()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Drop();
        await harness.Time.PassAsync(250);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Accept("bob");
        await harness.HeardAsync("link bob");
    }

    [Fact]
    public async Task Relink_WaitsQuietlyForTheServerToNoticeTheDrop()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        foreach (double delay in new double[] { 125, 250, 500 })
        {
            await socket.NextSentAsync();
            socket.Reject("user bob is already linked to a connection");
            await harness.Time.PassAsync(delay);
        }
        await socket.NextSentAsync();
        socket.Accept("bob");
        Assert.DoesNotContain(await harness.HeardAsync("link bob"), heard => heard.StartsWith("reject", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Relink_IsGivenUpWhenItsTimeIsOver()
    {
        const string Conflict = "user bob is already linked to a connection";
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            options => options with { Reconnect = options.Reconnect with { RelinkTimeout = TimeSpan.FromMilliseconds(200) } });
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        foreach (double delay in new double[] { 125, 250 })
        {
            await socket.NextSentAsync();
            socket.Reject(Conflict);
            await harness.Time.PassAsync(delay);
        }
        await socket.NextSentAsync();
        socket.Reject(Conflict);
        await harness.HeardAsync($"reject {Conflict}");
        Assert.Equal(ClientStatus.Connected, harness.Client.Status);
        await harness.Client.LinkAsync("bob").BeginsAsync(socket);
    }

    [Fact]
    public async Task Relink_ThatIsRejectedIsGivenUpAtOnce()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Reject("banned");
        await harness.HeardAsync("reject banned");
        await AssertNoRelinkAsync(harness, socket, 250);
    }

    [Fact]
    public async Task Relink_AsksForAuthAgainWhenItFails()
    {
        int asked = 0;
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            auth: _ => ++asked == 2 ? throw new HttpRequestException("down") : new ValueTask<string?>($"ticket {asked}"));
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await harness.Time.PassAsync(125);
        Assert.Contains("ticket 3", await socket.NextSentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relink_GivesWayToALinkOfTheApplication()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task? own = null;
        harness.Client.OnConnect(() => own = harness.Client.LinkAsync("amy"));
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        Assert.Contains("amy", await socket.NextSentAsync(), StringComparison.Ordinal);
        socket.Accept("amy");
        await own!;
        Assert.Equal("amy", harness.Client.Username);
    }

    [Fact]
    public async Task Unlink_WhileReconnectingEndsTheWishToBeLinked()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.HeardAsync("status Reconnecting");
        await harness.Client.UnlinkAsync();
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.UnlinkAsync());
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        await harness.Client.LinkAsync("amy").BeginsAsync(socket);
    }

    [Fact]
    public async Task Unlink_WhileTheRelinkIsAskedUndoesIt()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        await harness.Client.UnlinkAsync();
        socket.Accept("bob");
        Assert.Equal("""{"type":"krmx/unlink"}""", await socket.NextSentAsync());
    }

    [Fact]
    public async Task Unlink_FromTheListenerThatHearsOfTheRelinkIsAsked()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task? unlinking = null;
        harness.Client.OnLink(_ => unlinking = harness.Client.UnlinkAsync());
        socket.Drop();
        await harness.Time.PassAsync(125);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Accept("bob");
        Assert.Equal("""{"type":"krmx/unlink"}""", await socket.NextSentAsync());
        socket.DeliverOf("krmx/unlinked", "bob");
        await unlinking!;
        await harness.HeardAsync("status Unlinking");
        await AssertNoRelinkAsync(harness, socket, 250);
    }

    private static async Task AssertNoRelinkAsync(ClientHarness harness, FakeSocket socket, double delay = 125)
    {
        socket.Drop();
        await harness.HeardAsync("status Reconnecting");
        await harness.Time.PassAsync(delay);
        FakeSocket next = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        // The first frame is the application's own.
        Task linking = harness.Client.LinkAsync("somebody");
        Assert.Contains("somebody", await next.NextSentAsync(), StringComparison.Ordinal);
        next.Accept("somebody");
        await linking;
    }
}
