using System.Net.WebSockets;
using System.Threading.Channels;

namespace Krmx.Tests.Client;

/// <summary>A client whose sockets, clock and chance are the test's.</summary>
internal sealed class ClientHarness : IAsyncDisposable
{
    private readonly Channel<FakeSocket> _dialed = Channel.CreateUnbounded<FakeSocket>();
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public ClientHarness(Action<KrmxClientOptions>? configure = null)
    {
        var options = new KrmxClientOptions { TimeProvider = Time, Reconnect = { Random = new Middle() } };
        configure?.Invoke(options);
        Client = WithoutContext(() => new KrmxClient(options, DialAsync));
        Client.OnStatus(status => Hear($"status {status}"));
        Client.OnConnect(() => Hear("connect"));
        Client.OnReject(reason => Hear($"reject {reason}"));
        Client.OnLink(name => Hear($"link {name}"));
        Client.OnUnlink(name => Hear($"unlink {name}"));
        Client.OnLeave(name => Hear($"leave {name}"));
        Client.OnClose(() => Hear("close"));
        Client.OnMessage(message => Hear($"message {message}"));
    }

    public static Uri Server { get; } = new("ws://server.test/?ticket=1");

    public ManualTime Time { get; } = new();

    public KrmxClient Client { get; }

    /// <summary>What the next dials do instead of opening a connection at once.</summary>
    public Func<CancellationToken, Task>? Obstacle { get; set; }

    public int Dials { get; private set; }

    public static async Task<(ClientHarness Harness, FakeSocket Socket)> ConnectedAsync(
        Action<KrmxClientOptions>? configure = null)
    {
        var harness = new ClientHarness(configure);
        Task connecting = harness.Client.ConnectAsync(Server);
        FakeSocket socket = await harness.NextSocketAsync();
        await connecting.Soon();
        return (harness, socket);
    }

    public static async Task<(ClientHarness Harness, FakeSocket Socket)> LinkedAsync(
        Action<KrmxClientOptions>? configure = null, Func<CancellationToken, ValueTask<string?>>? auth = null)
    {
        (ClientHarness harness, FakeSocket socket) = await ConnectedAsync(configure);
        Task linking = harness.Client.LinkAsync("bob", auth ?? (_ => new ValueTask<string?>((string?)null)));
        await socket.NextSentAsync();
        socket.Accept("bob");
        await linking.Soon();
        await harness.HeardAsync("link bob");
        return (harness, socket);
    }

    public Task<FakeSocket> NextSocketAsync() => _dialed.Reader.ReadAsync().AsTask().Soon();

    /// <summary>Waits for an event, past others.</summary>
    /// <returns>The events past which it waited.</returns>
    public async Task<IReadOnlyList<string>> HeardAsync(string awaited)
    {
        var others = new List<string>();
        while (true)
        {
            string heard = await _events.Reader.ReadAsync().AsTask().Soon();
            if (heard == awaited)
                return others;
            others.Add(heard);
        }
    }

    /// <summary>Ends the client.</summary>
    /// <returns>All the events nobody waited for.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await Client.DisconnectAsync(new CancellationToken(false)).Soon();
        var rest = new List<string>();
        while (_events.Reader.TryRead(out string? heard))
            rest.Add(heard);
        return rest;
    }

    public static async Task<TException> FailsAsync<TException>(Task task)
        where TException : Exception => await Assert.ThrowsAsync<TException>(() => task.Soon());

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    public static T WithoutContext<T>(Func<T> make)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return make();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Hear(string what) => _events.Writer.TryWrite(what);

    private async Task<WebSocket> DialAsync(Uri uri, KrmxClientOptions options, CancellationToken cancellationToken)
    {
        Dials++;
        if (Obstacle is not null)
            await Obstacle(cancellationToken);
        var socket = new FakeSocket();
        _dialed.Writer.TryWrite(socket);
        return socket;
    }

    /// <summary>Chance that always takes the middle.</summary>
    private sealed class Middle : Random
    {
        public override double NextDouble() => 0.5;
    }
}
