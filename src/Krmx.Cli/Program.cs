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

    // A text that begins with @, such as a token, is a text and no file of arguments.
    private static readonly ParserConfiguration Arguments = new() { ResponseFileTokenReplacer = null };

    private static async Task<int> Main(string[] arguments)
    {
        ParseResult line = KrmxCommand.Create().Parse(arguments, Arguments);
        if (line.Errors.Count > 0)
            return UsageError.Report(line);
        using var interruption = new Interruption();
        try
        {
            return await line.InvokeAsync(Configuration, interruption.Token);
        }
        catch (IOException error)
        {
            // Of standard input and output; commands report what becomes of their sockets.
            return Failure.Report($"input or output failed: {error.Message}");
        }
    }
}
