using System.Diagnostics;

namespace Krmx.FunctionalTests.Processes;

/// <summary>A program that does its work and ends.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it ended with, and all that it said.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string[] said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task SucceedAsync(string folder, string program, params string[] arguments)
    {
        (int exitCode, string said) = await RunAsync(folder, program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}\n{said}");
    }
}
