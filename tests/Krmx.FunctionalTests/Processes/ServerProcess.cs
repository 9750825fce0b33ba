using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Processes;

/// <summary>A server as its own process, which signals are sent to.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it prints; nobody reads it unless the test does.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <param name="name">What its project is called.</param>
    /// <param name="output">Where its standard output goes, as in a shell; null for <see cref="Output"/>.</param>
    /// <param name="arguments">The arguments.</param>
    public static ServerProcess Start(string name, string? output, params string[] arguments)
    {
        string program = BuiltProgram.PathOf(name);

        // A shell that runs the tests in the background has made them deaf to Ctrl-C, and what they start as well.
        string command = $"exec env --default-signal=INT dotnet \"$0\" \"$@\"{(output is null ? "" : $" > {output}")}";
        return new ServerProcess(Process.Start(new ProcessStartInfo("sh", ["-c", command, program, .. arguments])
        {
            WorkingDirectory = name == "Chat" ? RepositoryFile.Path($"samples/{name}") : Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Connects and links, as soon as the server listens.</summary>
    public static async Task<KrmxClient> LinkAsync(string url, string username)
    {
        var client = new KrmxClient(Expect.Hasty);
        long began = Stopwatch.GetTimestamp();
        while (!await Expect.EndsAsync(client.ConnectAsync(url)))
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience.Limit, $"never: {url} answers");
        await client.LinkAsync(username).Soon();
        return client;
    }

    /// <summary>Sends a signal, such as TERM, and waits for the end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync(string signal)
    {
        await _process.SignalAsync(signal);
        await _process.WaitForExitAsync().Soon();
        return _process.ExitCode;
    }

    /// <summary>What it said on standard error until it ended.</summary>
    public Task<string> ErrorsAsync() => _errors.Soon();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
