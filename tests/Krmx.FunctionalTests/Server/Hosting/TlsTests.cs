using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>The same over TLS, with HTTP/1.1 and HTTP/2.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = TestCertificate.Create();
    private readonly HttpMessageInvoker _http;

    public TlsTests()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => _certificate.Equals(presented);
        _http = new HttpMessageInvoker(handler);
    }

    public void Dispose()
    {
        _http.Dispose();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Http1_LinksAndCloses()
    {
        await using TestServer server = await new TestServer { Certificate = _certificate }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await bob.EchoAsync($"\"{new string('x', 60_000)}\"");

        Task stopped = server.StopAsync();

        await bob.ExpectCloseAsync(1012, Texts.Unlinked("bob"), Texts.Left("bob"));
        await stopped;
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task FrameworksOwnClient_LinksAndCloses(string version)
    {
        await using TestServer server = await new TestServer { Certificate = _certificate }.StartAsync();
        using ClientWebSocket bob = await ConnectAsync(server, version);
        string large = $$"""{"type":"echo","payload":"{{new string('x', 60_000)}}"}""";
        await LinkAsync(bob, "bob");
        await SendAsync(bob, large);
        Assert.Equal(large, await ReadAsync(bob));

        Task stopped = server.StopAsync();

        Assert.Equal(Texts.Unlinked("bob"), await ReadAsync(bob));
        Assert.Equal(Texts.Left("bob"), await ReadAsync(bob));
        Assert.Null(await ReadAsync(bob));
        Assert.Equal((WebSocketCloseStatus)1012, bob.CloseStatus);
        await bob.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default).Soon();
        await stopped;
        Assert.Contains("leave bob", server.Events.Entries);
    }

    [Fact]
    public async Task Http2_OneStreamsEndIsNotAnothers()
    {
        await using TestServer server = await new TestServer
        {
            Certificate = _certificate,
            Options = options => options.Connections.MaxQueuedBytes = 256 * 1024,
        }.StartAsync();
        using ClientWebSocket alice = await ConnectAsync(server, "2.0");
        using ClientWebSocket slow = await ConnectAsync(server, "2.0");
        await LinkAsync(alice, "alice");
        await LinkAsync(slow, "slow");

        // Both sockets share one connection, on which the slow one's window fills up.
        await server.Room.InvokeAsync(() =>
        {
            for (int i = 0; i < 3; i++)
                server.Room.Send("slow", "fill", new string('x', 100_000));
        });
        await server.Events.WaitFor("unlink slow TooSlow");

        Assert.Equal(Texts.Joined("slow"), await ReadAsync(alice));
        Assert.Equal(Texts.Linked("slow"), await ReadAsync(alice));
        Assert.Equal(Texts.Unlinked("slow"), await ReadAsync(alice));
        await SendAsync(alice, """{"type":"echo"}""");
        Assert.Equal("""{"type":"echo"}""", await ReadAsync(alice));
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            while (await ReadAsync(slow) is not null)
            {
            }
        });
    }

    [Fact]
    public async Task Http2_TooBigAMessageIsClosedWith1009()
    {
        await using TestServer server = await new TestServer { Certificate = _certificate }.StartAsync();
        using ClientWebSocket bob = await ConnectAsync(server, "2.0");

        await SendAsync(bob, new string('x', (64 * 1024) + 1));

        Assert.Null(await ReadAsync(bob));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, bob.CloseStatus);
    }

    [Fact]
    public async Task Http2_SilentConnectionIsEnded()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = await new TestServer { Certificate = _certificate, Time = time }.StartAsync();
        using ClientWebSocket bob = await ConnectAsync(server, "2.0");
        await LinkAsync(bob, "bob");

        time.Pass(TimeSpan.FromSeconds(30));

        await server.Events.WaitFor("unlink bob TimedOut");
    }

    private async Task<ClientWebSocket> ConnectAsync(TestServer server, string version)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.CollectHttpResponseDetails = true;
        await socket.ConnectAsync(new Uri($"wss://localhost:{server.Port}/krmx"), _http, default).Soon();
        Assert.Equal(version == "2.0" ? HttpStatusCode.OK : HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default).Soon();

    private static async Task LinkAsync(ClientWebSocket socket, string username)
    {
        await SendAsync(socket, WireClient.LinkText(username));
        Assert.Equal(Texts.Accepted, await ReadAsync(socket));
        while (await ReadAsync(socket) != Texts.Linked(username))
        {
        }
    }

    private static async Task<string?> ReadAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[256 * 1024];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(length), default).AsTask().Soon();
            length += result.Count;
            if (result.MessageType == WebSocketMessageType.Close)
                return null;
            if (result.EndOfMessage)
                return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
