using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Krmx.Shared;

/// <summary>A PostgreSQL server of a test's own, from the distribution's package, with its data in a folder that goes with it.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    // PostgreSQL does not run as root; the package makes this user.
    private static readonly string[] AsItsUser = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("krmx-postgresql-");
    private Process? _process;

    /// <summary>Where it listens, and where it will when it is started again.</summary>
    public int Port { get; private set; } = FreePort();

    /// <summary>How Npgsql connects to it, as a superuser.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=krmx;Database=postgres;Maximum Pool Size=20";

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Makes its files and starts it.</summary>
    public async ValueTask InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await SucceedAsync("chown", "postgres", _folder.FullName);
        string initdb = Program("initdb");
        // A collation that is not that of bytes, where the server can have one: what must be in their order has to say so.
        string[] locale = (await SucceedAsync(initdb, "--help")).Contains("--icu-locale", StringComparison.Ordinal)
            ? ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"]
            : ["--locale=C.UTF-8"];
        await SucceedAsync([.. AsItsUser, initdb, "-D", Data, "-U", "krmx", "-A", "trust", "-E", "UTF8", .. locale]);
        await StartAsync();
    }

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <param name="port">Where it listens. Default: where it did.</param>
    public async Task StartAsync(int? port = null)
    {
        Port = port ?? Port;
        // Ends with the process that runs the tests, however that ends: then its input does.
        const string Script = "\"$@\" & server=$!; cat >/dev/null; kill -QUIT $server 2>/dev/null; wait $server";
        _process = Start([
            .. AsItsUser, "sh", "-c", Script, "sh", Program("postgres"), "-D", Data, "-p", $"{Port}", "-k", _folder.FullName,
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
        ]);
        _ = _process.StandardOutput.ReadToEndAsync();
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        await Patience.Until(
            async () => _process.HasExited || (await RunAsync(Program("pg_isready"), "-h", "127.0.0.1", "-p", $"{Port}", "-d", "postgres")).ExitCode == 0,
            "PostgreSQL answers");
        if (_process.HasExited)
            Assert.Fail($"PostgreSQL ended: {await errors}");
    }

    /// <summary>Stops it, and waits until it has ended.</summary>
    /// <param name="mode"><c>fast</c> breaks connections and saves what there is; <c>immediate</c> is a crash.</param>
    public async Task StopAsync(string mode = "fast")
    {
        await SucceedAsync([.. AsItsUser, Program("pg_ctl"), "-D", Data, "-m", mode, "-w", "stop"]);
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await EndAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A program of the package: Debian keeps those of each version in a folder of its own.</summary>
    private static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetFiles("/usr/lib/postgresql", name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, AttributesToSkip = 0 })
                .OrderBy(static path => int.TryParse(path.Split('/')[4], out int version) ? version : 0)
                .LastOrDefault() ?? name
            : name;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task EndAsync()
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync().Soon();
        _process.Dispose();
        _process = null;
    }

    private async Task<string> SucceedAsync(params string[] command)
    {
        (int exitCode, string said) = await RunAsync(command);
        Assert.True(exitCode == 0, $"{string.Join(' ', command)}\n{said}");
        return said;
    }

    private async Task<(int ExitCode, string Said)> RunAsync(params string[] command)
    {
        using Process process = Start(command);
        process.StandardInput.Close();
        string[] said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    private Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        WorkingDirectory = _folder.FullName,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
