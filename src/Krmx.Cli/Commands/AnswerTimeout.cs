using System.CommandLine;

namespace Krmx.Cli.Commands;

/// <summary>The option that says how long a server may take.</summary>
internal static class AnswerTimeout
{
    public static Option<double> Create(double byDefault) => new("--timeout")
    {
        Description = "How many seconds the server may take over any answer.",
        DefaultValueFactory = _ => byDefault,
        CustomParser = NumberInRange.Of(0.001, 3600, "--timeout must be from 0.001 to 3600 seconds"),
        HelpName = "SECONDS",
    };
}
