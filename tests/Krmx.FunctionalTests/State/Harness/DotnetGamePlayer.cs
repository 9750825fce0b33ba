using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.State.Game;
using Krmx.State;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>Our client with the game.</summary>
internal sealed class DotnetGamePlayer : IGamePlayer
{
    // Nothing may expire, however busy the machine is.
    private static readonly LiveOptions Patient = new() { OptimisticLifetime = TimeSpan.FromMinutes(5) };

    private readonly KrmxClient _client = new(Expect.Hasty);
    private readonly ClientAtoms _atoms;
    private readonly ClientStream<Board> _board;
    private readonly ClientProjection<TableView> _table;
    private readonly ConcurrentBag<Task<DispatchResult>> _dispatches = [];
    private int _links;
    private int _cuts;

    public DotnetGamePlayer(string name, Uri server)
    {
        Name = name;
        Proxy = new FaultProxy(server);
        _atoms = _client.AddAtoms(Patient);
        _board = _client.AddStream(Board.Domain, Board.Model, Patient);
        _table = _client.AddProjection(Table.Domain, Table.Model, Patient);
        _client.OnLink(linked => _links += linked == name ? 1 : 0);
        _client.OnRecover(() => _links++);
    }

    public string Name { get; }

    public FaultProxy Proxy { get; }

    /// <summary>What became of each dispatch that has ended; what failed because of a cut is missing.</summary>
    public IReadOnlyList<DispatchStatus> Results { get; private set; } = [];

    public async Task LinkAsync()
    {
        await _client.ConnectAsync(Proxy.Uri);
        await _client.LinkAsync(Name);
    }

    public Task ActAsync(KrmxAction action) => Keep(_table.DispatchAsync(action));

    public Task AppendAsync(KrmxAction appended) => Keep(_board.DispatchAsync(appended));

    public Task SetAsync(string key, JsonNode atom) => Keep(_atoms.SetAsync(key, atom.GetValueKind() switch
    {
        JsonValueKind.String => (string)atom!,
        JsonValueKind.Number => (double)atom,
        _ => (bool)atom,
    }));

    public Task SendAsync(string json)
    {
        using var message = JsonDocument.Parse(json);
        return _client.SendAsync(KrmxMessage.FromJson(
            message.RootElement.GetProperty("type").GetString()!,
            Encoding.UTF8.GetBytes(message.RootElement.GetProperty("payload").GetRawText())));
    }

    public Task RelinkAsync()
    {
        _cuts++;
        return Patience.Until(() => Volatile.Read(ref _links) == _cuts + 1 && _table.IsLive, "linked again");
    }

    public Task<JsonObject> StateAsync() => Task.FromResult(new JsonObject
    {
        ["view"] = DotnetGameServer.Node(_table.View),
        ["board"] = DotnetGameServer.Node(_board.ConfirmedState),
        ["optimisticBoard"] = DotnetGameServer.Node(_board.State),
        ["atoms"] = DotnetGameServer.Atoms(_atoms.All),
    });

    public async Task VerifyAsync()
    {
        var results = new List<DispatchStatus>();
        foreach (Task<DispatchResult> dispatch in _dispatches)
        {
            // A dispatch may be lost with its connection, but none may wait until its time is over.
            if (await Record.ExceptionAsync(() => dispatch.Soon()) is { } error)
                Assert.IsType<KrmxDisconnectedException>(error);
            else
                results.Add((await dispatch).Status);
        }
        Results = results;
        Assert.Equal((0, 0, 0), (_table.PendingCount, _board.PendingCount, _atoms.PendingCount));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    private Task Keep(Task<DispatchResult> dispatch)
    {
        _dispatches.Add(dispatch);
        return Task.CompletedTask;
    }
}
