using System.Diagnostics;
using System.Globalization;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Processes;

/// <summary>The program tests/Krmx.FaultPeer, which is built beside the tests, or the npm package <c>@krmx/server</c>, as a process.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    public int Port { get; private init; }

    public Uri Uri => new($"ws://127.0.0.1:{Port}/krmx");

    /// <summary>The version of the protocol that a server serves.</summary>
    public string Version { get; private init; } = "0.6.0";

    /// <summary>What a durable server has said on standard error, when it has ended.</summary>
    public Task<string> Errors { get; private init; } = Task.FromResult("");

    public int ExitCode => _process.ExitCode;

    /// <summary>The processor time it has used, of all cores together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="port">The port; 0 for any.</param>
    /// <param name="maxQueuedBytes">The cap of each connection's queue.</param>
    /// <param name="pingMilliseconds">Its ping interval and its ping timeout.</param>
    public static async Task<PeerProcess> StartServerAsync(int port = 0, int maxQueuedBytes = 1024 * 1024, int pingMilliseconds = 15_000)
    {
        Process process = Start("server", $"{port}", $"{maxQueuedBytes}", $"{pingMilliseconds}");
        return new PeerProcess(process) { Port = await ReadPortAsync(process) };
    }

    /// <summary>Starts a server of durable rooms, each with a ledger, and without a word on its console while nothing is wrong.</summary>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="store">Its store: <c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="connection">The store's connection string.</param>
    public static async Task<PeerProcess> StartDurableServerAsync(int port, string store, string connection)
    {
        Process process = Start(["durable", $"{port}", store, connection], keepsErrors: true);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        return new PeerProcess(process) { Port = await ReadPortAsync(process), Errors = errors };
    }

    /// <summary>Starts the npm package, through tests/peers/fault-server.mjs.</summary>
    /// <param name="port">The port; 0 for any.</param>
    public static async Task<PeerProcess> StartNpmServerAsync(int port = 0)
    {
        string script = RepositoryFile.Path("tests/peers/fault-server.mjs");
        Process process = Process.Start(new ProcessStartInfo("node", ["--expose-gc", script, $"{port}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.BeginErrorReadLine(); // a process that ends by an exception says so at length
        return new PeerProcess(process) { Port = await ReadPortAsync(process), Version = "0.5.5" };
    }

    /// <summary>Starts clients and waits until they are linked.</summary>
    public static async Task<PeerProcess> StartClientsAsync(Uri server, string prefix, int count)
    {
        Process process = Start("clients", $"{server}", prefix, $"{count}");
        Assert.Equal("linked", await process.StandardOutput.ReadLineAsync().Soon());
        return new PeerProcess(process);
    }

    public Task SendAsync(Signal signal) => _process.SignalAsync($"{(int)signal}").Soon();

    public Task WaitForExitAsync() => _process.WaitForExitAsync().Soon();

    /// <summary>Forgets what <see cref="ReadPeak"/> has seen up to now.</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>The most resident memory there was at any moment, in bytes, as the kernel keeps it.</summary>
    public long ReadPeak()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>What a server uses, after a collection.</summary>
    public async Task<PeerStats> StatsAsync()
    {
        using var http = new HttpClient { Timeout = Patience.Limit };
        string text = await http.GetStringAsync($"http://127.0.0.1:{Port}/stats");
        long[] numbers = [.. text.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new PeerStats((int)numbers[0], (int)numbers[1], numbers[2], numbers[3], (int)numbers[4], (int)numbers[5]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<int> ReadPortAsync(Process process)
    {
        string line = await process.StandardOutput.ReadLineAsync().Soon() ?? throw new IOException("The server did not start.");
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static Process Start(params string[] arguments) => Start(arguments, keepsErrors: false);

    private static Process Start(string[] arguments, bool keepsErrors) =>
        Process.Start(new ProcessStartInfo("dotnet", [BuiltProgram.PathOf("Krmx.FaultPeer"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = keepsErrors,
        })!;
}

/// <summary>What a server process uses.</summary>
internal sealed record PeerStats(int Files, int Threads, long ManagedBytes, long ResidentBytes, int Connections, int Linked);
