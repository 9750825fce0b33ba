using System.Net;
using System.Net.WebSockets;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Client;

public sealed class HostileServerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Handshake_AnsweredWithAStatusFailsWithIt(HttpStatusCode status)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 {(int)status} No\r\nContent-Length: 0\r\n\r\n");
        });
        await using var client = new KrmxClient();
        var failure = await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(server.Uri));
        Assert.Equal(status, failure.HttpStatus);
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("")]
    public async Task Handshake_ThatIsNoneFails(string answer)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(answer);
        });
        await using var client = new KrmxClient();
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(server.Uri));
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Fact]
    public async Task Handshake_ThatIsNeverAnsweredTimesOut()
    {
        await using var server = new ScriptedServer(connection => connection.WaitForeverAsync());
        await using var client = new KrmxClient(new KrmxClientOptions { Timeouts = { Connect = Soon } });
        await Expect.FailsAsync<KrmxTimeoutException>(client.ConnectAsync(server.Uri));
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Fact]
    public async Task Port_WithoutAServerFails()
    {
        await using var client = new KrmxClient();
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(new Uri($"ws://127.0.0.1:{ServerProcess.FreePort()}/")));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("unlink")]
    [InlineData("leave")]
    public async Task RequestThatIsNeverAnsweredTimesOut(string request)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            if (request == "link")
                await connection.UpgradeAsync();
            else
                await connection.LinkAsync("bob");
            await connection.DrainAsync();
        });
        await using var client = new KrmxClient(Expect.HastyWith(static options =>
        {
            options.Timeouts.Request = Soon;
            options.Reconnect.Enabled = false;
        }));
        await client.ConnectAsync(server.Uri);
        Task asking = client.LinkAsync("bob");
        if (request != "link")
        {
            await asking;
            asking = request == "unlink" ? client.UnlinkAsync() : client.LeaveAsync();
        }
        var failure = await Expect.FailsAsync<KrmxTimeoutException>(asking);
        Assert.Equal(request, failure.Operation);
        await Patience.Until(() => client.Status == ClientStatus.Disconnected, "disconnected");
    }

    [Fact]
    public async Task AcceptedWithoutLinkedTimesOut()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveAsync();
            await connection.SendAsync("""{"type":"krmx/accepted"}""");
            await connection.SendOfAsync("krmx/joined", "bob");
            await connection.SendOfAsync("krmx/joined", "amy");
            await connection.SendOfAsync("krmx/linked", "amy");
            await connection.DrainAsync();
        });
        await using var client = new KrmxClient(Expect.HastyWith(options => options.Timeouts.Request = Soon));
        await client.ConnectAsync(server.Uri);
        await Expect.FailsAsync<KrmxTimeoutException>(client.LinkAsync("bob"));
    }

    [Fact]
    public async Task MessageThatNeverEnds_ClosesTheConnectionWithItsSize()
    {
        var closed = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            for (int i = 0; i < 300; i++)
                await connection.WebSocket.SendAsync(new byte[1024], WebSocketMessageType.Text, endOfMessage: false, default);
            await connection.ReceiveAsync();
            closed.SetResult(connection.WebSocket.CloseStatus);
        });
        await using var client = new KrmxClient(Expect.HastyWith(static options => options.Limits.MaxMessageBytes = 100_000));
        await client.ConnectAsync(server.Uri);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await closed.Task.Soon());
        await Patience.Until(() => client.Status == ClientStatus.Disconnected, "disconnected for good");
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.LastClose!.Status);
    }

    [Fact]
    public async Task ServerThatNeverReads_FillsTheQueueAndNothingElse()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.LinkAsync("bob");
            await connection.WaitForeverAsync();
        });
        var client = new KrmxClient(Expect.HastyWith(options =>
        {
            options.Timeouts.Close = Soon;
            options.Limits.MaxQueuedBytes = 1024 * 1024;
        }));
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("bob");
        string load = new('x', 100_000);
        var sending = new List<Task>();
        while (!sending.Exists(task => task.IsFaulted))
        {
            Assert.True(sending.Count < 1000, "100 MB went nowhere");
            sending.Add(client.SendAsync("load", load));
            await Task.WhenAny(sending[^1], Task.Delay(1));
        }
        await client.DisposeAsync().AsTask().Soon();
        Assert.All(sending, task => Assert.True(task.IsCompleted));
    }

    [Fact]
    public async Task ServerThatNeverSaysGoodbye_IsLeft()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.WaitForeverAsync();
        });
        await using var client = new KrmxClient(Expect.HastyWith(options => options.Timeouts.Close = Soon));
        await client.ConnectAsync(server.Uri);
        await client.DisconnectAsync().Soon();
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Fact]
    public async Task ServerThatStaysSilent_IsNoticedByThePing()
    {
        await using var server = new ScriptedServer(async (connection, before) =>
        {
            await connection.LinkAsync("bob");
            if (before == 0)
                await connection.WaitForeverAsync(); // reads no ping, so answers none
            await connection.DrainAsync();
        });
        await using var client = new KrmxClient(Expect.HastyWith(options =>
        {
            options.KeepAlive.Interval = TimeSpan.FromMilliseconds(100);
            options.KeepAlive.Timeout = TimeSpan.FromMilliseconds(300);
        }));
        int links = 0;
        client.OnLink(_ => links++);
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("bob");
        await Patience.Until(() => Volatile.Read(ref links) >= 2, "linked again");
    }

    [Fact]
    public async Task HeadersAndCookies_AreSentAtEveryConnection()
    {
        var requests = new List<string>();
        await using var server = new ScriptedServer(async connection =>
        {
            requests.Add(await connection.ReadRequestAsync());
            await connection.WriteAsync("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
        });
        int number = 0;
        await using var client = new KrmxClient(Expect.HastyWith(options => options.ConfigureSocket = socket => socket.SetRequestHeader("X-Ticket", $"{++number}")));
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(server.Uri));
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(server.Uri));
        Assert.Contains("X-Ticket: 1", requests[0], StringComparison.Ordinal);
        Assert.Contains("X-Ticket: 2", requests[1], StringComparison.Ordinal);
    }
}
