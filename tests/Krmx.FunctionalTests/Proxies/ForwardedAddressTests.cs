using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Krmx.FunctionalTests.Proxies;

/// <summary>What authentication is told of the client's address when a proxy stands in between; a client may claim another in vain.</summary>
public sealed class ForwardedAddressTests
{
    private static readonly IPAddress Client = IPAddress.Parse("127.0.0.2");

    [Theory]
    [MemberData(nameof(ProxyTests.Proxies), MemberType = typeof(ProxyTests))]
    public async Task WithForwardedHeaders_TheAddressIsTheClients(string name)
    {
        KrmxLinkContext? seen = null;
        await using TestServer server = await new TestServer().With(server => server.Map = app =>
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto });
            app.MapKrmx("/krmx", room => Notice(room, link => seen = link));
        }).StartAsync();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, server.Port);

        await AskAsync(proxy, "/krmx");

        Assert.Equal(Client, seen!.Connection.RemoteAddress);
    }

    [Theory]
    [MemberData(nameof(ProxyTests.Proxies), MemberType = typeof(ProxyTests))]
    public async Task WithoutThem_TheAddressIsTheProxys_AndTheHeaderHasTheClients(string name)
    {
        KrmxLinkContext? seen = null;
        await using var host = new KrmxServer(room => Notice(room, link => seen = link));
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, await host.ListenAsync().Soon());

        await AskAsync(proxy, "/");

        Assert.Equal(IPAddress.Loopback, seen!.Connection.RemoteAddress);
        Assert.Equal((Client.ToString(), "https"), (seen.Connection.Headers["X-Forwarded-For"], seen.Connection.Headers["X-Forwarded-Proto"]));
    }

    private static void Notice(KrmxRoom room, Action<KrmxLinkContext> seen) => room.OnAuthenticate(link =>
    {
        seen(link);
        return LinkResult.Accept;
    });

    /// <summary>Links, from an address that is not the proxy's.</summary>
    private static async Task AskAsync(ReverseProxy proxy, string path)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => DialAsync(proxy.Port, cancellationToken) };
        handler.SslOptions.RemoteCertificateValidationCallback = proxy.IsTrusted;
        using var http = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Forwarded-For", "203.0.113.7");
        await socket.ConnectAsync(new Uri(proxy.Url(path)), http, default).Soon();
        await socket.SendAsync(Encoding.UTF8.GetBytes(WireClient.LinkText("bob")), WebSocketMessageType.Text, true, default).Soon();
        byte[] answer = new byte[1024];
        WebSocketReceiveResult received = await socket.ReceiveAsync(answer, default).Soon();
        Assert.Equal(Texts.Accepted, Encoding.UTF8.GetString(answer, 0, received.Count));
    }

    private static async ValueTask<Stream> DialAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Client, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
