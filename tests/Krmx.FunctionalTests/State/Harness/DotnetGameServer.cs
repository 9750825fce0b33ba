using System.Text.Json;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.State.Game;
using Krmx.State;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>Our server with the game.</summary>
internal sealed class DotnetGameServer : IGameServer
{
    /// <summary>So few that the log is cut a few times in a game.</summary>
    private const int MaxLogBytes = 8 * 1024;

    private readonly KrmxServer _host;
    private ServerAtoms _atoms = null!;
    private ServerStream<Board> _board = null!;
    private ServerProjection<Table, TableView> _table = null!;

    private int _appended;

    private DotnetGameServer() => _host = new KrmxServer(room =>
    {
        _atoms = room.AddAtoms();
        _board = room.AddStream(Board.Domain, Board.Model, new() { MaxLogBytes = MaxLogBytes });
        _board.OnChange(_ => _appended++);
        _table = room.AddProjection(Table.Domain, Table.Model);
    });

    public Uri Uri { get; private set; } = null!;

    public static async Task<DotnetGameServer> StartAsync()
    {
        var server = new DotnetGameServer();
        server.Uri = new Uri($"ws://127.0.0.1:{await server._host.ListenAsync(0)}/");
        return server;
    }

    public Task<JsonObject> StateAsync(string username) => _host.Room.InvokeAsync(() => new JsonObject
    {
        ["view"] = Node(_table.View(username)),
        ["board"] = Node(_board.State),
        ["atoms"] = Atoms(_atoms.Keys.Select(key => KeyValuePair.Create(key, _atoms[key]!.Value))),
    });

    public Task<bool> IsLinkedAsync(string username) => _host.Room.InvokeAsync(() => _host.Room.FindUser(username) is { IsLinked: true });

    public async Task VerifyAsync()
    {
        (int appended, int kept) = await _host.Room.InvokeAsync(() => (_appended, _board.Count));
        Assert.True(kept < appended, $"the log has {kept} of {appended} events, so it was never cut");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, KrmxJson.Options);

    public static JsonObject Atoms(IEnumerable<KeyValuePair<string, Atom>> atoms) =>
        new(atoms.Select(static atom => KeyValuePair.Create(atom.Key, JsonNode.Parse(atom.Value.ToString()))));
}
