using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Krmx.Cli.Commands;

namespace Krmx.Cli.Terminal;

/// <summary>The help of a command, with its notes and examples below.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is CommandWithExamples command)
            output.WriteLine(command.Notes);
        else
            output.WriteLine(KrmxCommand.Notes);
        return ExitCode.Done;
    }
}
