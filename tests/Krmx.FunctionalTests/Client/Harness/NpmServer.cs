using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>The npm package <c>@krmx/server</c>, driven through tests/peers/server.mjs.</summary>
internal sealed class NpmServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<JsonObject> _events = Channel.CreateUnbounded<JsonObject>();
    private readonly Channel<JsonObject> _replies = Channel.CreateUnbounded<JsonObject>();
    private readonly Task _reading;
    private int _lastId;

    private NpmServer(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public Uri Uri { get; private set; } = null!;

    public static async Task<NpmServer> StartAsync(string options = "{}")
    {
        string script = Path.Combine(Expect.RepositoryRoot, "tests", "peers", "server.mjs");
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { script, options },
        };
        var server = new NpmServer(Process.Start(start)!);
        JsonObject listening = await server.EventAsync("listen");
        server.Uri = new Uri($"ws://127.0.0.1:{(int)listening["port"]!}/");
        return server;
    }

    /// <summary>Waits for an event, past others.</summary>
    public async Task<JsonObject> EventAsync(string name)
    {
        while (true)
        {
            JsonObject heard = await _events.Reader.ReadAsync().AsTask().WaitAsync(Expect.Patience);
            if ((string?)heard["event"] == name)
                return heard;
        }
    }

    /// <summary>Gives a command, and waits for its reply.</summary>
    public async Task<JsonObject> DoAsync(string command, JsonObject? arguments = null)
    {
        JsonObject line = arguments ?? [];
        line["id"] = ++_lastId;
        line["do"] = command;
        await _process.StandardInput.WriteLineAsync(line.ToJsonString());
        await _process.StandardInput.FlushAsync();
        JsonObject reply = await _replies.Reader.ReadAsync().AsTask().WaitAsync(Expect.Patience);
        Assert.Null((string?)reply["error"]);
        return reply;
    }

    /// <summary>Ends the process without a goodbye to anybody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is string line)
        {
            JsonObject read = JsonSerializer.Deserialize<JsonObject>(line)!;
            await (read.ContainsKey("reply") ? _replies : _events).Writer.WriteAsync(read);
        }
    }
}
