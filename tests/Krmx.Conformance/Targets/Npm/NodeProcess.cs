using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Targets.Npm;

/// <summary>A script of tests/peers as a child process; its README describes the lines.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _replies = [];
    private readonly Process _process;
    private readonly Action<JsonElement> _onEvent;
    private int _lastCommand;

    private NodeProcess(Process process, Action<JsonElement> onEvent)
    {
        _process = process;
        _onEvent = onEvent;
        Ended = ReadAsync();
    }

    /// <summary>Completes when the process has nothing to say any more.</summary>
    public Task Ended { get; }

    public static NodeProcess Start(string script, JsonObject options, Action<JsonElement> onEvent)
    {
        var start = new ProcessStartInfo("node", [script, options.ToJsonString()])
        {
            WorkingDirectory = Prerequisites.Peers,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new NodeProcess(Process.Start(start)!, onEvent);
    }

    /// <summary>Gives a command and waits for the reply.</summary>
    public async Task<JsonElement> DoAsync(JsonObject command) => await Give(command).WaitAsync(Patience);

    /// <summary>Gives a command.</summary>
    /// <returns>The reply.</returns>
    public Task<JsonElement> Give(JsonObject command)
    {
        int id = ++_lastCommand;
        command["id"] = id;
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _replies[id] = reply;
        _process.StandardInput.WriteLine(command.ToJsonString());
        _process.StandardInput.Flush();
        return reply.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await Ended.WaitAsync(Patience);
        await _process.WaitForExitAsync();
        int code = _process.ExitCode;
        _process.Dispose();
        Assert.Equal(0, code);
    }

    private async Task ReadAsync()
    {
        // What the process leaves unanswered fails when it ends.
        while (await _process.StandardOutput.ReadLineAsync() is string line)
        {
            JsonElement message = Wire.Parse(line);
            if (message.TryGetProperty("reply", out JsonElement id))
                _replies[id.GetInt32()].SetResult(message);
            else
                _onEvent(message);
        }
        foreach (TaskCompletionSource<JsonElement> reply in _replies.Values)
            reply.TrySetException(new InvalidOperationException("The peer has exited."));
    }
}
