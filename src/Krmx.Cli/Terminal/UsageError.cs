using System.CommandLine;
using System.CommandLine.Parsing;

namespace Krmx.Cli.Terminal;

/// <summary>Says in one line what is wrong with the arguments, and where to read what they may be.</summary>
internal static class UsageError
{
    /// <summary>Reports what the parser found.</summary>
    public static int Report(ParseResult line)
    {
        // Without a known command every other argument is one too many; the first of them is the one that was meant.
        IEnumerable<string> problems = line.Errors.Select(error => Phrase(error.Message)).Distinct();
        string problem = line.CommandResult.Command is RootCommand ? problems.Last() : string.Join("; ", problems);
        return Report(line.CommandResult, problem);
    }

    /// <summary>Reports options that are right one by one, and contradict each other.</summary>
    public static int Report(CommandResult command, string problem)
    {
        string name = command.Parent is CommandResult ? $"krmx {command.Command.Name}" : "krmx";
        Console.Error.WriteLine($"krmx: {Printable.Of(problem)}; see '{name} --help'");
        return ExitCode.Usage;
    }

    /// <summary>A sentence of the parser as a part of ours.</summary>
    private static string Phrase(string sentence)
    {
        string text = sentence.TrimEnd('.');
        return char.ToLowerInvariant(text[0]) + text[1..];
    }
}
