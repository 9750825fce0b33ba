using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Remote;

/// <summary>Any Krmx server, with whatever application, over the network alone.</summary>
/// <remarks>
/// What it did is read off a <see cref="Witness"/>. That it has done it is known by a mark: a user who joins, links and leaves at once,
/// of whom every linked connection hears behind all that came before.
/// </remarks>
internal sealed class RemoteServer : IServerUnderTest
{
    /// <summary>How many users one connection links as: servers limit the link requests of each.</summary>
    private const int VisitsPerConnection = 20;

    private readonly RemoteSite _site;
    private readonly Cast _cast = new();
    private readonly RemoteSessions _sessions = new();
    private readonly IRawConnection[] _connections;
    private readonly Witness _witness;
    private Newcomer _extra;
    private int _marks;
    private int _visits;

    private RemoteServer(RemoteSite site, IRawConnection witness, IRawConnection extra)
    {
        _site = site;
        _connections = [witness, extra];
        _witness = new Witness(new Newcomer(witness, site), _cast);
        _extra = new Newcomer(extra, site);
    }

    public ProtocolVersion Version => _site.Version;

    public Uri? Uri => _site.Uri;

    public bool ShowsEndsOfSessions => false;

    public bool HasEcho => false;

    /// <exception cref="NotApplicableException">The rule needs another kind of server.</exception>
    public static async Task<IServerUnderTest> StartAsync(RemoteSite site, ServerSetup setup)
    {
        if (setup.Need is string need)
            throw new NotApplicableException(need);
        var server = new RemoteServer(site, await site.ConnectAsync(), await site.ConnectAsync());
        try
        {
            await server._witness.BeginAsync();
            return server;
        }
        catch (Exception)
        {
            await server.DisposeConnectionsAsync();
            throw;
        }
    }

    public async Task<IRawConnection> ConnectAsync(string pathAndQuery)
    {
        if (pathAndQuery.Length > 0 && pathAndQuery != _site.Uri.PathAndQuery)
            throw new NotApplicableException($"needs a server at {pathAndQuery}");
        return new RemoteConnection(await _site.ConnectAsync(), _cast, _sessions, ClaimAsync, MarkAsync, _site.Auth);
    }

    public async Task<string> UsersAsync()
    {
        await LookAsync();
        return _witness.Users;
    }

    public async Task<IReadOnlyList<string>> EventsAsync()
    {
        await LookAsync();
        return _witness.Events;
    }

    public Task<string?> CallAsync(AppCall call) => throw new NotApplicableException($"needs the application to call {call.Method}");

    public Task DecideAsync(string? refusal) => throw NeedsDecisions();

    public Task PassTimeAsync(TimeSpan time) => throw new NotApplicableException("needs time to pass on the server's clock");

    public Task<int> UndecidedAsync() => throw NeedsDecisions();

    public Task BeginCloseAsync() => throw new NotApplicableException("needs the server to close");

    /// <summary>Removes every user of the rule from the server.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(_site.Patience);
            while (await RemoveAsync() && !patience.IsCancellationRequested)
            {
            }
            await _witness.LeaveAsync();
        }
        catch (RuleBrokenException)
        {
            // The rule has shown what is wrong with the server already; from this one nothing can be removed.
        }
        await DisposeConnectionsAsync();
    }

    private static NotApplicableException NeedsDecisions() => new("needs the application to decide about links");

    private async Task DisposeConnectionsAsync()
    {
        foreach (IRawConnection connection in _connections)
            await connection.DisposeAsync();
    }

    /// <summary>Takes a name as it is, where nobody else has it.</summary>
    private async Task ClaimAsync(string username)
    {
        if (_cast.RoleOf(username) is not null)
            return;
        await LookAsync();
        if (_witness.Knows(username))
            throw new NotApplicableException($"needs the username {username}, which somebody has");
        _cast.Claim(username);
    }

    /// <summary>Lets every linked connection hear of a user behind all that it hears of before.</summary>
    /// <returns>The user.</returns>
    private async Task<string> MarkAsync()
    {
        string username = _cast.Extra($"m{++_marks}");
        await VisitAsync(username);
        return username;
    }

    private async Task LookAsync() => await _witness.ReadUntilAsync(new Presence("left", await MarkAsync()));

    private async Task VisitAsync(string username)
    {
        if (_visits++ == VisitsPerConnection)
        {
            await _connections[1].DisposeAsync();
            _connections[1] = await _site.ConnectAsync();
            _extra = new Newcomer(_connections[1], _site);
            _visits = 1;
        }
        await _extra.AskAsync(username);
        await _extra.LeaveAsync();
    }

    /// <summary>Removes the users who are unlinked; those of connections that were just closed may not be yet.</summary>
    /// <returns>Whether there are any left.</returns>
    private async Task<bool> RemoveAsync()
    {
        await LookAsync();
        foreach ((string username, bool isLinked) in _witness.Left)
        {
            if (!isLinked)
                await VisitAsync(username);
        }
        return _witness.Left.Count > 0;
    }
}
