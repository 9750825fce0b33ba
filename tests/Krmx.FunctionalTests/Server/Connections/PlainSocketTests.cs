using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Krmx.Connections;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Server.Connections;

public class PlainSocketTests
{
    [Fact]
    public Task OverPlainHttp_TheSocketIsFound() => ExpectAsync(isFound: true, "http", _ => { });

    [Fact]
    public async Task UnderTls_NoneIs()
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await ExpectAsync(isFound: false, "https", listen => listen.UseHttps(certificate));
    }

    [Fact]
    public Task UnderAMiddlewareOfTheListener_NoneIs() => ExpectAsync(isFound: false, "http", listen => listen.UseConnectionLogging());

    [Fact]
    public void OfAConnectionThatEndedDuringTheHandshake_NothingIsMade()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Dispose();
        Assert.Null(SocketOutput.Over(socket));
    }

    private static async Task ExpectAsync(bool isFound, string scheme, Action<ListenOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, configure));
        await using WebApplication app = builder.Build();
        Socket? found = null;
        app.Run(context =>
        {
            found = PlainSocket.Of(context);
            return Task.CompletedTask;
        });
        await app.StartAsync().Soon();
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var client = new HttpClient(handler);

        using HttpResponseMessage response = await client.GetAsync($"{scheme}://127.0.0.1:{new Uri(app.Urls.First()).Port}/").Soon();

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(isFound, found is not null);
    }
}
