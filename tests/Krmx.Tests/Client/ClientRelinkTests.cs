using System.Net.WebSockets;

namespace Krmx.Tests.Client;

public sealed class ClientRelinkTests
{
    [Fact]
    public async Task Drop_IsFollowedByAReconnectAndARelinkWithFreshAuth()
    {
        int asked = 0;
        (ClientHarness harness, FakeSocket socket) =
            await ClientHarness.LinkedAsync(auth: _ => new ValueTask<string?>($"ticket {++asked}"));
        socket.Drop();
        await harness.Time.PassAsync(500);
        FakeSocket next = await harness.NextSocketAsync();
        Assert.Contains("ticket 2", await next.NextSentAsync(), StringComparison.Ordinal);
        next.Accept("bob");
        Assert.Equal(
            ["status Reconnecting", "unlink bob", "close", "status Connected", "connect", "status Linking", "status Linked"],
            await harness.HeardAsync("link bob"));
        Assert.Equal("bob", harness.Client.Username);
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
    [InlineData(CloseCode.GoingAway, 0, true)]
    [InlineData(CloseCode.ServiceRestart, 0, true)]
    [InlineData(CloseCode.InternalError, 0, false)]
    [InlineData(CloseCode.GoingAway, 5, false)]
    [InlineData(CloseCode.ServiceRestart, 5, false)]
    public async Task Relink_FollowsTheFarewellOfAServerThatCloses(CloseCode code, int secondsAfterTheKick, bool relinks)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.DeliverOf("krmx/unlinked", "bob");
        socket.DeliverOf("krmx/left", "bob");
        await harness.HeardAsync("leave bob");
        harness.Time.Advance(TimeSpan.FromSeconds(secondsAfterTheKick));
        socket.CloseFromServer((WebSocketCloseStatus)code);
        await harness.Time.PassAsync(500);
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
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Drop();
        await harness.Time.PassAsync(1000);
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
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        foreach (double delay in new double[] { 500, 1000, 2000 })
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
            options => options.Reconnect.RelinkTimeout = TimeSpan.FromMilliseconds(800));
        socket.Drop();
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        foreach (double delay in new double[] { 500, 1000 })
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
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Reject("banned");
        await harness.HeardAsync("reject banned");
        await AssertNoRelinkAsync(harness, socket, 1000);
    }

    [Fact]
    public async Task Relink_AsksForAuthAgainWhenItFails()
    {
        int asked = 0;
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            auth: _ => ++asked == 2 ? throw new HttpRequestException("down") : new ValueTask<string?>($"ticket {asked}"));
        socket.Drop();
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await harness.Time.PassAsync(500);
        Assert.Contains("ticket 3", await socket.NextSentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relink_GivesWayToALinkOfTheApplication()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        var own = new TaskCompletionSource<Task>();
        harness.Client.OnConnect(() => own.SetResult(harness.Client.LinkAsync("amy")));
        socket.Drop();
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        Assert.Contains("amy", await socket.NextSentAsync(), StringComparison.Ordinal);
        socket.Accept("amy");
        await await own.Task;
        Assert.Equal("amy", harness.Client.Username);
    }

    [Fact]
    public async Task Relink_ThatWaitsGivesWayToALinkOfTheApplicationThatFails()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Reject("user bob is already linked to a connection");
        await harness.HeardAsync("status Linking");
        await harness.HeardAsync("status Connected");

        Task linking = harness.Client.LinkAsync("amy");
        await socket.NextSentAsync();
        socket.Reject("no");
        await ClientHarness.FailsAsync<KrmxLinkRejectedException>(linking);
        harness.Time.Advance(TimeSpan.FromMinutes(1));

        harness.Client.LinkAsync("zoe").Ignore();
        Assert.Contains("zoe", await socket.NextSentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relink_DoesNotFollowTheFarewellOfAServerWhenTheApplicationHadUnlinked()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.DeliverOf("krmx/unlinked", "bob");
        await harness.HeardAsync("status Connected");
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Accept("bob");
        await linking;
        Task unlinking = harness.Client.UnlinkAsync();
        await socket.NextSentAsync();
        socket.DeliverOf("krmx/unlinked", "bob");
        await unlinking;

        socket.CloseFromServer(WebSocketCloseStatus.EndpointUnavailable);

        await socket.NextSentAsync();
        await AssertNoRelinkAsync(harness, socket);
    }

    [Fact]
    public async Task Unlink_WhileReconnectingEndsTheWishToBeLinked()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.HeardAsync("status Reconnecting");
        await harness.Client.UnlinkAsync();
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.UnlinkAsync());
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        await harness.Client.LinkAsync("amy").BeginsAsync(socket);
    }

    [Fact]
    public async Task Unlink_WhileTheRelinkIsAskedUndoesIt()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Drop();
        await harness.Time.PassAsync(500);
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
        var unlinking = new TaskCompletionSource<Task>();
        harness.Client.OnLink(_ => unlinking.SetResult(harness.Client.UnlinkAsync()));
        socket.Drop();
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await socket.NextSentAsync();
        socket.Accept("bob");
        Assert.Equal("""{"type":"krmx/unlink"}""", await socket.NextSentAsync());
        socket.DeliverOf("krmx/unlinked", "bob");
        await await unlinking.Task;
        await harness.HeardAsync("status Unlinking");
        await AssertNoRelinkAsync(harness, socket, 1000);
    }

    private static async Task AssertNoRelinkAsync(ClientHarness harness, FakeSocket socket, double delay = 500)
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
