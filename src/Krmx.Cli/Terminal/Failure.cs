namespace Krmx.Cli.Terminal;

/// <summary>Says in one line why a command failed.</summary>
internal static class Failure
{
    public static int Report(string why)
    {
        Console.Error.WriteLine($"krmx: {Printable.Of(why)}");
        return ExitCode.Failed;
    }
}
