using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>A script of tests/peers or tests/peers-state as a child process; the README there describes the lines.</summary>
internal sealed class NpmPeer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _replies = [];
    private readonly ConcurrentQueue<JsonObject> _events = [];
    private readonly Lock _writing = new();
    private readonly Process _process;
    private readonly Task _reading;
    private int _lastId;

    private NpmPeer(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>What has happened, in order.</summary>
    public IReadOnlyCollection<JsonObject> Events => _events;

    /// <param name="script">The script, below tests.</param>
    /// <param name="options">What it is given.</param>
    public static NpmPeer Start(string script, JsonObject? options = null) => new(Process.Start(
        new ProcessStartInfo("node", [Path.GetFileName(script), (options ?? []).ToJsonString()])
        {
            WorkingDirectory = RepositoryFile.Path($"tests/{Path.GetDirectoryName(script)}"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);

    public int Count(string name, string? client = null) =>
        _events.Count(heard => (string?)heard["event"] == name && (string?)heard["client"] == client);

    /// <summary>Waits for an event.</summary>
    public async Task<JsonObject> EventAsync(string name)
    {
        await Patience.Until(() => Count(name) > 0, name);
        return _events.First(heard => (string?)heard["event"] == name);
    }

    /// <summary>Gives a command, and waits for its reply, in which <c>error</c> may say that it failed.</summary>
    public async Task<JsonObject> TryAsync(string command, JsonObject arguments)
    {
        var reply = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_writing)
        {
            int id = ++_lastId;
            _replies[id] = reply;
            arguments["id"] = id;
            arguments["do"] = command;
            _process.StandardInput.WriteLine(arguments.ToJsonString());
            _process.StandardInput.Flush();
        }
        return await reply.Task.Soon();
    }

    /// <summary>Gives a command that succeeds.</summary>
    public async Task<JsonObject> DoAsync(string command, JsonObject? arguments = null)
    {
        JsonObject reply = await TryAsync(command, arguments ?? []);
        Assert.Null((string?)reply["error"]);
        return reply;
    }

    /// <summary>Ends the process without a goodbye to anybody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends the process; nothing may have gone wrong inside it.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _reading.Soon();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Assert.DoesNotContain(_events, static heard => (string?)heard["event"] is "failed" or "crash");
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is string line)
        {
            // The peers know no limit, and tell of messages that go beyond ours.
            JsonObject read = JsonNode.Parse(line, documentOptions: new() { MaxDepth = 10_000 })!.AsObject();
            if (read["reply"] is JsonNode id)
                _replies[(int)id].SetResult(read);
            else
                _events.Enqueue(read);
        }
        foreach (TaskCompletionSource<JsonObject> reply in _replies.Values)
            reply.TrySetException(new InvalidOperationException("The peer has exited."));
    }
}
