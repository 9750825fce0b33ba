using System.Net.WebSockets;

namespace Krmx.Conformance.Harness;

/// <summary>One rule being tried on one server.</summary>
internal sealed class Trial(IServerUnderTest server) : IAsyncDisposable
{
    private readonly List<Peer> _clients = [];
    private readonly List<IDisposable> _deaf = [];
    private int _seen = 1; // the listen event

    public ProtocolVersion Version => server.Version;

    /// <summary>The version's major and minor number, as mismatch texts name them.</summary>
    public string Line => $"{Version.Major}.{Version.Minor}";

    /// <summary>Connects.</summary>
    /// <param name="pathAndQuery">Where; empty for wherever the server is.</param>
    public async Task<Peer> ConnectAsync(string pathAndQuery = "")
    {
        var client = new Peer(await server.ConnectAsync(pathAndQuery), server.Version);
        _clients.Add(client);
        return client;
    }

    /// <summary>Demands that nothing is served at a path.</summary>
    public async Task ExpectNoConnectionAsync(string pathAndQuery)
    {
        using var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(new Uri(server.Uri!, pathAndQuery), CancellationToken.None);
        }
        catch (WebSocketException)
        {
            return;
        }
        throw new RuleBrokenException($"expected nothing at {pathAndQuery}, and could connect there");
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
        string users = await UsersAsync();
        RuleBrokenException.Unless(users.Split(' ').Contains(username + "*"), $"expected {username} to be linked; the users are '{users}'");
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
        string[] told = [.. all.Skip(_seen)];
        if (!server.ShowsEndsOfSessions)
            events = [.. events.Where(one => !one.StartsWith("session ", StringComparison.Ordinal))];
        RuleBrokenException.Unless(
            events.SequenceEqual(told), $"expected the events '{string.Join("', '", events)}'; there were '{string.Join("', '", told)}'");
        _seen = all.Count;
    }

    /// <summary>Says that the rule counts messages, and so needs an application that sends some back.</summary>
    /// <exception cref="NotApplicableException">It does not.</exception>
    public void NeedEcho()
    {
        if (!server.HasEcho)
            throw new NotApplicableException("needs to see the application's messages");
    }

    /// <summary>Demands that this is the very first the application was told.</summary>
    public async Task ExpectFirstEventAsync(string wanted)
    {
        string first = (await server.EventsAsync())[0];
        RuleBrokenException.Unless(first == wanted, $"expected '{wanted}' as the first event; it was '{first}'");
    }

    /// <summary>Waits until the application has been told something; for what a client's own frames cannot show.</summary>
    public Task WaitForEventAsync(string wanted) =>
        WaitAsync(async () => (await server.EventsAsync()).Skip(_seen).Contains(wanted), $"the event '{wanted}'");

    public async Task CallAsync(AppCall call)
    {
        string? refusal = await server.CallAsync(call);
        RuleBrokenException.Unless(refusal is null, $"expected the call {call.Method} to succeed; it was refused: {refusal}");
    }

    /// <summary>Demands that a call is refused, for a reason, and leaves the users as they are.</summary>
    public async Task ExpectRefusedAsync(AppCall call, string reason)
    {
        string before = await UsersAsync();
        string? refusal = await server.CallAsync(call);
        RuleBrokenException.Unless(
            refusal?.Contains(reason, StringComparison.Ordinal) == true,
            $"expected the call {call.Method} to be refused with '{reason}'; {(refusal is null ? "it succeeded" : $"it was: {refusal}")}");
        await ExpectUsersAsync(before);
        await ExpectEventsAsync();
    }

    public Task<string> UsersAsync() => server.UsersAsync();

    public async Task ExpectUsersAsync(string users)
    {
        string actual = await UsersAsync();
        RuleBrokenException.Unless(actual == users, $"expected the users '{users}'; they are '{actual}'");
    }

    /// <summary>Decides the oldest authentication that is undecided, once there is one.</summary>
    /// <param name="refusal">Null accepts.</param>
    public async Task DecideAsync(string? refusal = null)
    {
        await WaitAsync(async () => await server.UndecidedAsync() > 0, "an undecided authentication");
        await server.DecideAsync(refusal);
    }

    /// <summary>Lets time pass on the server's clock.</summary>
    public Task PassTimeAsync(TimeSpan time) => server.PassTimeAsync(time);

    /// <summary>Lets the time of every undecided authentication pass.</summary>
    public Task ExpireAuthenticationsAsync() => PassTimeAsync(TimeSpan.FromSeconds(10));

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
            RuleBrokenException.Unless(!patience.IsCancellationRequested, $"waited in vain for {what}");
            await Task.Delay(5);
        }
    }
}
