using System.Net.WebSockets;
using Krmx.Conformance.Targets;

namespace Krmx.Conformance.Harness;

/// <summary>One rule being tried on one server.</summary>
internal sealed class Session(IServerUnderTest server) : IAsyncDisposable
{
    private readonly List<Peer> _clients = [];
    private readonly List<IDisposable> _deaf = [];
    private int _seen = 1; // the listen event

    public ProtocolVersion Version => server.Version;

    /// <summary>The version's major and minor number, as mismatch texts name them.</summary>
    public string Line => $"{Version.Major}.{Version.Minor}";

    public async Task<Peer> ConnectAsync(string pathAndQuery = "/")
    {
        var client = new Peer(await server.ConnectAsync(pathAndQuery), server.Version);
        _clients.Add(client);
        return client;
    }

    /// <summary>Demands that nothing is served at a path.</summary>
    public async Task ExpectNoConnectionAsync(string pathAndQuery)
    {
        using var socket = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(server.Uri!, pathAndQuery), CancellationToken.None));
    }

    /// <summary>Links a user to a connection that answers nothing from then on, not even pings.</summary>
    public async Task LinkDeafAsync(string username) =>
        _deaf.Add(await DeafConnection.LinkAsync(server.Uri!, Wire.Link(username, Version.ToString())));

    /// <summary>Connects and links, and settles.</summary>
    public async Task<Peer> LinkedAsync(string username)
    {
        Peer client = await ConnectAsync();
        await client.LinkAsync(username);
        await SettleAsync();
        Assert.Contains(username + "*", (await UsersAsync()).Split(' '));
        return client;
    }

    /// <summary>Forgets every frame that was sent to a client, and every event.</summary>
    public async Task SettleAsync()
    {
        // Twice: what one connection sent before may concern another that was asked before it.
        foreach (Peer client in _clients.Concat(_clients).Where(c => c.IsOpen))
            await client.DrainAsync();
        _seen = (await server.EventsAsync()).Count;
    }

    /// <summary>Demands that the application was told exactly this since the last look, in this order.</summary>
    public async Task ExpectEventsAsync(params string[] events)
    {
        IReadOnlyList<string> all = await server.EventsAsync();
        Assert.Equal(events, all.Skip(_seen));
        _seen = all.Count;
    }

    public Task<IReadOnlyList<string>> AllEventsAsync() => server.EventsAsync();

    /// <summary>Waits until the application has been told something; for what a client's own frames cannot show.</summary>
    public Task WaitForEventAsync(string wanted) =>
        WaitAsync(async () => (await server.EventsAsync()).Skip(_seen).Contains(wanted), $"the event '{wanted}'");

    public async Task CallAsync(AppCall call) => Assert.Null(await server.CallAsync(call));

    /// <summary>Demands that a call is refused, for a reason, and leaves the users as they are.</summary>
    public async Task ExpectRefusedAsync(AppCall call, string reason)
    {
        string before = await UsersAsync();
        string? refusal = await server.CallAsync(call);
        Assert.NotNull(refusal);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.Equal(before, await UsersAsync());
        await ExpectEventsAsync();
    }

    public Task<string> UsersAsync() => server.UsersAsync();

    public async Task ExpectUsersAsync(string users) => Assert.Equal(users, await UsersAsync());

    /// <summary>Decides the oldest authentication that is undecided, once there is one.</summary>
    /// <param name="refusal">Null accepts.</param>
    public async Task DecideAsync(string? refusal = null)
    {
        await WaitAsync(async () => await server.UndecidedAsync() > 0, "an undecided authentication");
        await server.DecideAsync(refusal);
    }

    public Task ExpireAuthenticationsAsync() => server.ExpireAuthenticationsAsync();

    public Task ExpectUndecidedAsync(int count) =>
        WaitAsync(async () => await server.UndecidedAsync() == count, $"{count} undecided authentications");

    public Task BeginCloseAsync() => server.BeginCloseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable deaf in _deaf)
            deaf.Dispose();
        foreach (Peer client in _clients)
            await client.DisposeAsync();
        await server.DisposeAsync();
    }

    private static async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited in vain for {what}.");
            await Task.Delay(5);
        }
    }
}
