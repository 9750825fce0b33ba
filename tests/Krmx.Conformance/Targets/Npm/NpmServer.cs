using System.Text.Json;
using System.Text.Json.Nodes;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Targets.Npm;

/// <summary>The TypeScript server, @krmx/server, in a process of its own.</summary>
internal sealed class NpmServer : IServerUnderTest
{
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _events = [];
    private readonly NodeProcess _process;

    private NpmServer(ServerSetup setup) => _process = NodeProcess.Start("server.mjs", Options(setup), Told);

    public ProtocolVersion Version { get; } = new(0, 5, 5);

    public Uri? Uri { get; private set; }

    public static async Task<IServerUnderTest> StartAsync(ServerSetup setup)
    {
        var server = new NpmServer(setup);
        await Task.WhenAny(server._port.Task, server._process.Ended).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(server._port.Task.IsCompleted, "The peer has exited before it listened; see standard error.");
        server.Uri = new Uri($"ws://127.0.0.1:{await server._port.Task}/");
        return server;
    }

    public Task<IRawConnection> ConnectAsync(string pathAndQuery) => RawWebSocket.ConnectAsync(new Uri(Uri!, pathAndQuery));

    public async Task<string?> CallAsync(AppCall call)
    {
        JsonElement reply = await _process.DoAsync(Command(call));
        return reply.TryGetProperty("error", out JsonElement error) ? error.GetString() : null;
    }

    public async Task<string> UsersAsync()
    {
        JsonElement reply = await _process.DoAsync(new JsonObject { ["do"] = "users" });
        return string.Join(' ', reply.GetProperty("users").EnumerateArray()
            .Select(user => user.GetProperty("username").GetString() + (user.GetProperty("isLinked").GetBoolean() ? "*" : "")));
    }

    public async Task<IReadOnlyList<string>> EventsAsync()
    {
        // All that was told before the answer to this has been read when it has.
        await UsersAsync();
        lock (_events)
            return [.. _events];
    }

    public Task DecideAsync(string? refusal) => throw NothingLikeIt();

    public Task PassTimeAsync(TimeSpan time) => throw NothingLikeIt();

    public Task<int> UndecidedAsync() => throw NothingLikeIt();

    public Task BeginCloseAsync()
    {
        _ = _process.Give(new JsonObject { ["do"] = "close" });
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static NotSupportedException NothingLikeIt() => new("The TypeScript server authenticates at once.");

    private static JsonObject Options(ServerSetup setup)
    {
        var options = new JsonObject
        {
            ["acceptNewUsers"] = setup.AcceptsNewUsers,
            ["auth"] = "sync",
            ["queryParams"] = JsonSerializer.SerializeToNode(setup.Query),
            ["reactions"] = new JsonObject(setup.Reactions.Select(reaction =>
                KeyValuePair.Create(reaction.Key, (JsonNode?)new JsonArray([.. reaction.Value.Select(Command)])))),
        };
        if (setup.Path != "/")
            options["path"] = setup.Path;
        if (setup.UsernamePattern is not null)
            options["usernamePattern"] = setup.UsernamePattern;
        return options;
    }

    private static JsonObject Command(AppCall call)
    {
        var command = new JsonObject { ["do"] = call.Method };
        if (call.User is not null)
            command[call.Method switch { "send" => "to", "broadcast" => "except", _ => "username" }] = call.User;
        if (call.Message is not null)
            command["message"] = JsonNode.Parse(call.Message);
        return command;
    }

    private void Told(JsonElement told)
    {
        string name = told.GetProperty("event").GetString()!;
        if (name == "listen")
            _port.SetResult(told.GetProperty("port").GetInt32());
        string? text = name switch
        {
            "authenticate" => null,
            "message" => MessageText(told),
            "refused" => $"refused {told.GetProperty("do").GetString()}",
            "crash" => $"crash {told.GetProperty("error").GetString()}",
            _ => told.TryGetProperty("username", out JsonElement user) ? $"{name} {user.GetString()}" : name,
        };
        if (text is null)
            return;
        lock (_events)
            _events.Add(text);
    }

    private static string? MessageText(JsonElement told)
    {
        string message = told.GetProperty("message").GetRawText();
        return message == ServerSetup.Barrier ? null : $"message {told.GetProperty("username").GetString()} {Wire.Describe(message)}";
    }
}
