using System.Net;
using System.Net.WebSockets;
using Krmx.FunctionalTests.Client.Harness;

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
        await using var client = new KrmxClient(new KrmxClientOptions { ConnectTimeout = Soon });
        await Expect.FailsAsync<KrmxTimeoutException>(client.ConnectAsync(server.Uri));
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Fact]
    public async Task Port_WithoutAServerFails()
    {
        await using var client = new KrmxClient();
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(new Uri($"ws://127.0.0.1:{FreePort()}/")));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("unlink")]
    [InlineData("leave")]
    public async Task Item12_RequestThatIsNeverAnsweredTimesOut(string request)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            if (request == "link")
                await connection.UpgradeAsync();
            else
                await connection.LinkAsync("bob");
            await connection.DrainAsync();
        });
        await using var client = new KrmxClient(Expect.Hasty with { RequestTimeout = Soon, Reconnect = ReconnectPolicy.None });
        await client.ConnectAsync(server.Uri);
        Task asking = client.LinkAsync("bob");
        if (request != "link")
        {
            await asking;
            asking = request == "unlink" ? client.UnlinkAsync() : client.LeaveAsync();
        }
        var failure = await Expect.FailsAsync<KrmxTimeoutException>(asking);
        Assert.Equal(request, failure.Operation);
        await Expect.UntilAsync(() => client.Status == ClientStatus.Disconnected, "disconnected");
    }

    [Fact]
    public async Task Item12_AcceptedWithoutLinkedTimesOut()
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
        await using var client = new KrmxClient(Expect.Hasty with { RequestTimeout = Soon });
        await client.ConnectAsync(server.Uri);
        await Expect.FailsAsync<KrmxTimeoutException>(client.LinkAsync("bob"));
    }

    [Fact]
    public async Task Item12_NonsenseDoesNotThrowAndALinkedClientStaysLinked()
    {
        string[] nonsense =
        [
            "", "null", "{", "[1]", """{"type":null}""", """{"type":"krmx/joined"}""", """{"type":"krmx/accepted"}""",
            """{"type":"krmx/linked","payload":{"username":"nobody"}}""", """{"type":"krmx/joined","payload":{"username":"bob"}}""",
            """{"type":"krmx/link","payload":{"username":"eve","version":"0.6.0"}}""", """{"type":"krmx/unlink"}""",
            """{"type":"krmx/left","payload":{"username":"bob"}}""", """{"type":"krmx/rejected","payload":{"reason":{}}}""",
            """{"type":"krmx/future","payload":1e999}""",
            $$"""{"type":"deep","payload":{{new string('[', 5000)}}{{new string(']', 5000)}}}""",
            """{"type":"\ud800"}""", """{"type":"krmx/unlinked","payload":{"username":"\ud800"}}""",
        ];
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.LinkAsync("bob");
            foreach (string text in nonsense)
                await connection.SendAsync(text);
            await connection.WebSocket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, default);
            await connection.SendAsync("""{"type":"last"}""");
            await connection.DrainAsync();
        });
        await using var client = new KrmxClient(Expect.Hasty);
        var heard = new List<string>();
        var last = new TaskCompletionSource();
        client.OnMessage(message =>
        {
            heard.Add(message.Type);
            last.TrySetResult();
        });
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("bob");
        await last.Task.WaitAsync(Expect.Patience);
        Assert.Equal(["last"], heard);
        Assert.Equal(ClientStatus.Linked, client.Status);
        Assert.Equal([new ClientUser("bob", true)], client.Users);
    }

    public static TheoryData<string, byte[]> BrokenFrames => new()
    {
        { "masked", [0x81, 0x82, 1, 2, 3, 4, 0x7a, 0x7f] },
        { "reserved bit", [0xc1, 0x02, (byte)'{', (byte)'}'] },
        { "unknown opcode", [0x83, 0x00] },
        { "continuation of nothing", [0x80, 0x02, (byte)'{', (byte)'}'] },
        { "long ping", [0x89, 0x7e, 0x00, 0x7e] },
        { "fragmented ping", [0x09, 0x00] },
        { "close code 1005", [0x88, 0x02, 0x03, 0xed] },
        { "close of one byte", [0x88, 0x01, 0x03] },
        { "absurd length", [0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
    };

    [Theory]
    [MemberData(nameof(BrokenFrames))]
    public async Task WebSocketFrame_ThatIsBrokenEndsTheConnectionAndTheTasks(string what, byte[] frame)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveAsync();
            await connection.WriteAsync(frame);
            await connection.WaitForeverAsync();
        });
        await using var client = new KrmxClient(Expect.Hasty with { Reconnect = ReconnectPolicy.None });
        await client.ConnectAsync(server.Uri);
        await Expect.FailsAsync<KrmxDisconnectedException>(client.LinkAsync("bob"));
        await Expect.UntilAsync(() => client.Status == ClientStatus.Disconnected, what);
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
        await using var client = new KrmxClient(Expect.Hasty with { MaxMessageBytes = 100_000 });
        await client.ConnectAsync(server.Uri);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await closed.Task.WaitAsync(Expect.Patience));
        await Expect.UntilAsync(() => client.Status == ClientStatus.Disconnected, "disconnected for good");
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
        var client = new KrmxClient(Expect.Hasty with { CloseTimeout = Soon, MaxQueuedBytes = 1024 * 1024 });
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
        await client.DisposeAsync().AsTask().WaitAsync(Expect.Patience);
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
        await using var client = new KrmxClient(Expect.Hasty with { CloseTimeout = Soon });
        await client.ConnectAsync(server.Uri);
        await client.DisconnectAsync().WaitAsync(Expect.Patience);
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
        await using var client = new KrmxClient(Expect.Hasty with
        {
            KeepAliveInterval = TimeSpan.FromMilliseconds(100),
            KeepAliveTimeout = TimeSpan.FromMilliseconds(300),
        });
        int links = 0;
        client.OnLink(_ => links++);
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("bob");
        await Expect.UntilAsync(() => Volatile.Read(ref links) == 2, "linked again");
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
        await using var client = new KrmxClient(Expect.Hasty with
        {
            ConfigureSocket = socket => socket.SetRequestHeader("X-Ticket", $"{++number}"),
        });
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(server.Uri));
        await Expect.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(server.Uri));
        Assert.Contains("X-Ticket: 1", requests[0], StringComparison.Ordinal);
        Assert.Contains("X-Ticket: 2", requests[1], StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
