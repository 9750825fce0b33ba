using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Faults.Recording;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A <see cref="FaultRoom"/> with a server and a proxy of its own.</summary>
internal sealed class FaultWorld : FaultRoom
{
    /// <summary>Notices dead peers soon.</summary>
    private static readonly KrmxClientOptions Attentive = Expect.HastyWith(options =>
    {
        options.KeepAlive.Interval = TimeSpan.FromMilliseconds(500);
        options.KeepAlive.Timeout = TimeSpan.FromSeconds(2);
        options.Timeouts.Request = TimeSpan.FromSeconds(3);
        options.Timeouts.Connect = TimeSpan.FromSeconds(3);
        options.Timeouts.Close = TimeSpan.FromSeconds(1);
    });

    private FaultWorld(ServerRecorder recorder, TestServer server, Uri uri)
        : base(recorder, uri, new FaultProxy(uri), Attentive) => Server = server;

    public TestServer Server { get; }

    public static async Task<FaultWorld> StartAsync(Action<KrmxOptions>? change = null)
    {
        var recorder = new ServerRecorder(new History());
        TestServer server = await new TestServer
        {
            Configure = recorder.Attach,
            Options = options =>
            {
                options.Pings.Interval = TimeSpan.FromMilliseconds(500);
                options.Pings.Timeout = TimeSpan.FromSeconds(2);
                options.Rooms.CloseTimeout = TimeSpan.FromSeconds(1);
                options.Messages.MaxLinksPerSecond = 1000; // the clients try again more hastily than others do
                change?.Invoke(options);
            },
        }.StartAsync();
        return new FaultWorld(recorder, server, new Uri($"ws://127.0.0.1:{server.Port}/krmx"));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Proxy.DisposeAsync();
        await Server.Metrics.WaitFor("krmx.connections", 0);
        await Server.DisposeAsync();
    }
}
