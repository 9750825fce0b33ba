using System.Collections.Concurrent;
using System.Diagnostics;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Cli;

/// <summary>The krmx command as a process, with what it says.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task _reading;

    private CliProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>What it has printed.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public static CliProcess Start(params string[] arguments)
    {
        string program = BuiltProgram.PathOf("Krmx.Cli");

        // A shell that runs the tests in the background has made them deaf to Ctrl-C, and what they start as well.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet", program] : ["dotnet", program];
        return new CliProcess(Process.Start(new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Starts a relay server on a free port, and waits until it serves.</summary>
    /// <returns>The process, and the server's address.</returns>
    public static async Task<(CliProcess Process, string Url)> ServeAsync(params string[] arguments)
    {
        CliProcess process = Start(["serve", "--port", "0", .. arguments]);
        string line = await process.LineAsync("Relaying at ");
        return (process, line.Split(' ')[2]);
    }

    /// <summary>Runs a command with this input, to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string input = "")
    {
        await using CliProcess process = Start(arguments);
        await process.TypeAsync(input);
        (int exitCode, string errors) = await process.EndOfInputAsync();
        return (exitCode, string.Join('\n', process.Lines), errors);
    }

    /// <summary>Runs a command that must fail: with this exit code, after a last line on standard error that says why.</summary>
    /// <returns>That line, which must be the only one.</returns>
    public static async Task<string> FailAsync(int exitCode, params string[] arguments)
    {
        (int actual, string output, string errors) = await RunAsync(arguments);
        Assert.True(actual == exitCode, $"exit code {actual}: {output}{errors}");
        string line = Assert.Single(errors.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
        Assert.StartsWith("krmx: ", line, StringComparison.Ordinal);
        return line["krmx: ".Length..];
    }

    public async Task TypeAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line that holds a text.</summary>
    public async Task<string> LineAsync(string text)
    {
        await Patience.Until(() => _reading.IsCompleted || Find(text) is not null, () => $"'{text}' among '{string.Join("', '", _lines)}'");
        return Find(text) ?? throw new InvalidOperationException($"It ended without '{text}': {await _errors}");
    }

    /// <summary>Kills it, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
    }

    /// <summary>Presses Ctrl-C, and waits for the end.</summary>
    public async Task<(int ExitCode, string Errors)> InterruptAsync()
    {
        await _process.SignalAsync("INT");
        return await EndAsync();
    }

    /// <summary>Ends the input, and waits for the end.</summary>
    public async Task<(int ExitCode, string Errors)> EndOfInputAsync()
    {
        _process.StandardInput.Close();
        return await EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().Soon();
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string? Find(string text) => _lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is string line)
            _lines.Enqueue(line);
    }
}
