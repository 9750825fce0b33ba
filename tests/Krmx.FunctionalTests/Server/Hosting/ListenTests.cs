using System.Net;
using System.Net.Sockets;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>Protocol section 8, item 13: a port in use is an exception, and may be tried again.</summary>
public class ListenTests
{
    [Fact]
    public async Task PortInUse_ThrowsNamingItAndListensOnceItIsFree()
    {
        using var logs = new CapturedLogs();
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(logs));
        var events = new EventLog();
        await using var host = new KrmxServer(events.Attach, loggers: loggers);
        using var blocker = new TcpListener(IPAddress.IPv6Any, 0);
        blocker.Server.DualMode = true;
        blocker.Start();
        int port = ((IPEndPoint)blocker.LocalEndpoint).Port;

        KrmxException error = await Assert.ThrowsAsync<KrmxException>(() => host.ListenAsync(port)).Soon();
        Assert.Contains(port.ToString(), error.Message);
        Assert.Contains("in use", error.Message);
        Assert.Throws<InvalidOperationException>(() => host.Room);

        blocker.Stop();
        Assert.Equal(port, await host.ListenAsync(port).Soon());
        await using (WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob"))
        {
            Task closed = host.CloseAsync();
            await bob.ExpectCloseAsync(1001, Texts.Unlinked("bob"), Texts.Left("bob"));
            await closed.Soon();
        }
        Assert.Equal(["listen", "join bob", "link bob", "unlink bob ServerClosing", "leave bob", "close"], events.Entries);
    }

    [Fact]
    public async Task ListenWhileListening_Throws()
    {
        await using var host = new KrmxServer(_ => { });
        int port = await host.ListenAsync().Soon();

        await Assert.ThrowsAsync<KrmxException>(() => host.ListenAsync(port)).Soon();

        await using WireClient bob = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("bob");
    }

    [Fact]
    public async Task ListensAgainAfterClose()
    {
        var events = new EventLog();
        await using var host = new KrmxServer(events.Attach);
        int port = await host.ListenAsync().Soon();
        await host.CloseAsync().Soon();
        Assert.Throws<InvalidOperationException>(() => host.Room);
        await host.CloseAsync().Soon();

        Assert.Equal(port, await host.ListenAsync(port).Soon());

        await host.CloseAsync().Soon();
        Assert.Equal(["listen", "close", "listen", "close"], events.Entries);
    }

    [Fact]
    public async Task ConfigureThatThrows_FailsListenAndMayBeTriedAgain()
    {
        int tries = 0;
        await using var host = new KrmxServer(_ =>
        {
            if (tries++ == 0)
                throw new InvalidOperationException("no");
        }, loggers: NullLoggerFactory.Instance);

        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => host.ListenAsync()).Soon()).Message);
        Assert.Throws<InvalidOperationException>(() => host.Room);

        Assert.NotEqual(0, await host.ListenAsync().Soon());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public async Task PortThatIsNone_Throws(int port)
    {
        await using var host = new KrmxServer(_ => { });

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.ListenAsync(port));
    }
}
