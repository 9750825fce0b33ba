using Krmx.Simulation.Mutation;
using Krmx.Tests.Docs;

namespace Krmx.Tests.Simulation;

public class MutantTests
{
    private static readonly Mutant[] All = [.. Mutants.All, .. SessionMutants.All, .. DurableMutants.All];

    public static TheoryData<string> Names => [.. All.Select(mutant => mutant.Name)];

    /// <summary>A change of the core may leave a defect without its place; that is told here, long before a power test.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Mutant_StandsInTheCore(string name)
    {
        Mutant mutant = All.Single(mutant => mutant.Name == name);
        string source = File.ReadAllText(RepositoryFile.Path($"src/Krmx.Core/{mutant.File}"));

        Assert.NotEqual(source, mutant.Apply(source));
    }
}
