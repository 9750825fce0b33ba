using System.CommandLine;
using System.CommandLine.Help;
using Krmx.Cli.Terminal;

namespace Krmx.Cli.Commands;

/// <summary>The command line as a whole.</summary>
internal static class KrmxCommand
{
    public const string Notes = """
        Exit codes:
          0  done
          1  failed: no Krmx server there, a rejected user, a rule that does not hold
          2  wrong arguments; nothing was tried

        Examples:
          krmx serve                                      a relay server at ws://localhost:8082/
          krmx connect ws://localhost:8082/ --user simon  talk to it
          krmx bench ws://localhost:8082/                 put a load on it, and measure
          krmx verify ws://localhost:8082/                try the protocol's rules on it
          krmx contract http://localhost:8082             print what its rooms listen to, send and share
          krmx replay rooms.db                            read rooms again that were kept in a file

        'krmx COMMAND --help' says more about each.
        """;

    public static RootCommand Create()
    {
        var root = new RootCommand("Servers, clients and checks of Krmx, realtime multi-user sessions over WebSockets.")
        {
            new ServeCommand(),
            new ConnectCommand(),
            new BenchCommand(),
            new VerifyCommand(),
            new ContractCommand(),
            new ReplayCommand(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
