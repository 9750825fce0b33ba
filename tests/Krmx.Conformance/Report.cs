using System.Text;
using Krmx.Conformance;
using Krmx.Conformance.Targets.Npm;

[assembly: AssemblyFixture(typeof(Report))]

namespace Krmx.Conformance;

/// <summary>Writes all rules as a table for the docs, and says where the TypeScript server differs.</summary>
public sealed class Report
{
    public Report()
    {
        string folder = Repository.PathOf("artifacts/test-results");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "conformance.md"), Document());
        Console.WriteLine("Rules that @krmx/server 0.5.5 does not keep, beyond those marked as fixed:");
        foreach ((string rule, NpmDifference difference) in NpmDifferences.All)
            Console.WriteLine($"  {rule}: {difference.What}; kept by ours, because {difference.Why}");
    }

    /// <summary>What docs/conformance.md says.</summary>
    public static string Document() => $"""
        # Conformance

        Every rule of [the protocol](protocol.md) is a case, written once and run against the core, against Kestrel over real sockets and, unless the
        TypeScript server is known to fail it ("fixed") or has nothing of the kind ("none"), against `@krmx/server` 0.5.5 itself. The number before
        the dot is the section.

        {Rules()}
        ## Where @krmx/server 0.5.5 differs

        On these rules the run asserts what the TypeScript server does instead, so that the list stays true.

        {Differences()}
        {Choices}
        """;

    /// <summary>What no case can show: other packages, other versions, and calls that one of the two has not.</summary>
    private const string Choices = """
        ## Which version this speaks of

        The run is against the newest `@krmx/server` on npm, 0.5.5. Of 0.6.10, which is not there, the following is known, and nothing of it is tried
        here: it pings its clients, has a timeout for authentication, lets authentication be asynchronous, and closes a mismatch of the query without a
        code. The first three are as here. The last is not: a mismatch is closed with 1008, for the reason above. A client of 0.6 links to either.

        ## Where the libraries differ

        | what | the TypeScript packages | here | why |
        | --- | --- | --- | --- |
        | a server that closed | cannot listen again | `KrmxServer` may, with a new room | a room begins and ends once; a port can be used again |
        | closing a server that does not listen | fails | succeeds | what is to be so is so |
        | `Range(max, min)` of the random source | swaps the two | `KrmxRandom.Range` throws | a handler that throws changes nothing, and a mistake shows |

        """;

    private static string Rules()
    {
        var text = new StringBuilder("| rule | what it says | @krmx/server 0.5.5 |\n| --- | --- | --- |\n");
        foreach (Rule rule in RuleBook.All)
            text.Append($"| `{rule.Id}` | {rule.Title} | {Npm(rule)} |\n");
        return text.ToString();
    }

    private static string Npm(Rule rule) => rule.IsFixed ? "fixed" : rule.IsAddition ? "none" : NpmDifferences.All.ContainsKey(rule.Id) ? "differs" : "same";

    private static string Differences()
    {
        var text = new StringBuilder("| rule | what @krmx/server 0.5.5 does instead | why ours does not |\n| --- | --- | --- |\n");
        foreach ((string rule, NpmDifference difference) in NpmDifferences.All)
            text.Append($"| `{rule}` | {difference.What} | {difference.Why} |\n");
        return text.ToString();
    }
}
