using Krmx.FunctionalTests.Faults.Proxy;

namespace Krmx.FunctionalTests.Cli;

/// <summary>A <c>krmx connect</c> that was linked and has lost its connection; none can be made until it is to be so.</summary>
internal sealed class LostConnection : IAsyncDisposable
{
    private readonly FaultProxy _proxy;

    private LostConnection(KrmxServer server, int port, FaultProxy proxy, CliProcess client)
    {
        Server = server;
        Port = port;
        _proxy = proxy;
        Client = client;
    }

    /// <summary>Where it was linked; sends messages back to whom they come from.</summary>
    public KrmxServer Server { get; }

    /// <summary>The server's port.</summary>
    public int Port { get; }

    public CliProcess Client { get; }

    /// <summary>Links, and cuts the connection; both sides know of it then.</summary>
    /// <param name="arguments">What the command is given besides the address and the user.</param>
    public static async Task<LostConnection> StartAsync(params string[] arguments)
    {
        var server = new KrmxServer(room => room.OnMessage((user, message) => room.Send(user.Name, message)));
        int port = await server.ListenAsync();
        var proxy = new FaultProxy(new Uri($"ws://127.0.0.1:{port}/"));
        var lost = new LostConnection(server, port, proxy, CliProcess.Start(["connect", $"{proxy.Uri}", "--user", "alice", .. arguments]));
        await lost.Client.LineAsync("linked");
        proxy.IsDown = true;
        proxy.Cut();
        await lost.Client.LineAsync("reconnecting");
        await Patience.Until(() => server.Room.InvokeAsync(() => !server.Room.Users[0].IsLinked), "the unlink");
        return lost;
    }

    /// <summary>Lets connections be made again.</summary>
    public void Restore() => _proxy.IsDown = false;

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _proxy.DisposeAsync();
        await Server.DisposeAsync();
    }
}
