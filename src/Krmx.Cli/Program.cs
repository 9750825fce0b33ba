using System.CommandLine;
using Krmx.Cli.Commands;
using Krmx.Cli.Terminal;

namespace Krmx.Cli;

internal static class Program
{
    // Interruption does what the library would, and lets a second Ctrl-C end the process.
    private static readonly InvocationConfiguration Configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    private static async Task<int> Main(string[] arguments)
    {
        ParseResult line = KrmxCommand.Create().Parse(arguments);
        if (line.Errors.Count > 0)
            return UsageError.Report(line);
        using var interruption = new Interruption();
        return await line.InvokeAsync(Configuration, interruption.Token);
    }
}
