using System.CommandLine;

namespace Krmx.Cli.Commands;

/// <summary>A command of krmx.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">What it does.</param>
/// <param name="notes">What its help says below the options: how it behaves, and examples.</param>
internal abstract class CommandWithExamples(string name, string description, string notes) : Command(name, description)
{
    public string Notes => notes;
}
