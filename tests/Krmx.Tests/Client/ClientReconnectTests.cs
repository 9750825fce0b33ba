using System.Net.WebSockets;

namespace Krmx.Tests.Client;

public sealed class ClientReconnectTests
{
    [Fact]
    public async Task Attempts_WaitLongerAndLongerUpToTheLongestDelay()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        harness.Obstacle = _ => throw new WebSocketException("still down");
        socket.Drop();
        foreach (double delay in new double[] { 500, 1000, 2000, 4000, 7500, 7500 })
            await harness.Time.PassAsync(delay);
        Assert.Equal(ClientStatus.Reconnecting, harness.Client.Status);
        await harness.Client.DisconnectAsync();
    }

    [Fact]
    public async Task Attempts_StartAnewAfterAConnectionThatLasted()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        socket.Drop();
        await harness.Time.PassAsync(500);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        await harness.HeardAsync("connect");
        socket.Drop();
        await harness.Time.PassAsync(1000);
        socket = await harness.NextSocketAsync();
        await harness.HeardAsync("connect");
        harness.Time.Advance(TimeSpan.FromSeconds(15));
        socket.Drop();
        await harness.Time.PassAsync(500);
        await harness.NextSocketAsync();
    }

    [Fact]
    public async Task Attempts_AreGivenUpAfterTheMost()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            options => options.Reconnect.MaxAttempts = 2);
        harness.Obstacle = _ => throw new WebSocketException("still down");
        socket.Drop();
        await harness.Time.PassAsync(500);
        await harness.Time.PassAsync(1000);
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

    [Theory]
    [InlineData(CloseCode.GoingAway)]
    [InlineData(CloseCode.ServiceRestart)]
    [InlineData(CloseCode.TryAgainLater)]
    public async Task CloseOfAServerThatGoesAway_IsFollowedByAReconnect(CloseCode code)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        socket.CloseFromServer((WebSocketCloseStatus)code);
        await harness.Time.PassAsync(500);
        await harness.NextSocketAsync();
    }

    [Fact]
    public async Task Policy_MayBeNotToReconnect()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(
            options => options.Reconnect.Enabled = false);
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
}
