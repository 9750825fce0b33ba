using System.CommandLine;
using System.CommandLine.Parsing;

namespace Krmx.Cli.Terminal;

/// <summary>Says what is wrong with the arguments.</summary>
internal static class UsageError
{
    public static int Report(ParseResult line)
    {
        foreach (ParseError error in line.Errors)
            Console.Error.WriteLine($"krmx: {error.Message}");
        Console.Error.WriteLine($"See '{NameOf(line.CommandResult)} --help'.");
        return ExitCode.Usage;
    }

    private static string NameOf(CommandResult command) => command.Parent is CommandResult ? $"krmx {command.Command.Name}" : "krmx";
}
