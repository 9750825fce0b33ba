using System.Diagnostics;
using System.Text.RegularExpressions;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Browser;

/// <summary>A sample as its own process, on a port that is free.</summary>
internal sealed partial class SampleApp : IAsyncDisposable
{
    private readonly Process _process;

    private SampleApp(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where its page is.</summary>
    public string Address { get; }

    /// <summary>A file among the results of the test run.</summary>
    public static string ResultFile(string name)
    {
        string artifacts = Environment.GetEnvironmentVariable("ArtifactsPath") ?? RepositoryFile.Path("artifacts");
        string file = Path.Combine(artifacts, "test-results", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    /// <summary>Starts a sample, with the arguments a person would give.</summary>
    /// <param name="name">What its project is called.</param>
    /// <param name="folder">Where its project is, below samples.</param>
    /// <param name="arguments">The arguments.</param>
    public static Process Run(string name, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.PathOf(name), .. arguments])
        {
            WorkingDirectory = RepositoryFile.Path($"samples/{folder}"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public static async Task<SampleApp> StartAsync(string name, string folder, params string[] arguments)
    {
        Process process = Run(name, folder, ["--urls", "http://127.0.0.1:0", .. arguments]);
        while (await process.StandardOutput.ReadLineAsync() is string line)
        {
            if (AddressPattern().Match(line) is { Success: true } match)
            {
                // What it prints later is read away, so that it never waits for the pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                _ = process.StandardError.ReadToEndAsync();
                return new SampleApp(process, match.Groups[1].Value);
            }
        }
        throw new InvalidOperationException($"{name} did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(); // SIGKILL: it does nothing more
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"^\w+ is at (http\S+)")]
    private static partial Regex AddressPattern();
}
