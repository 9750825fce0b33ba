using System.CommandLine;
using Krmx.Cli.Connect;

namespace Krmx.Cli.Commands;

/// <summary>A client to type at.</summary>
internal sealed class ConnectCommand : CommandWithExamples
{
    private readonly Argument<Uri> _uri = ServerAddress.Create();

    private readonly Option<string> _user = new("--user", "-u")
    {
        Description = "The user to link as.",
        Required = true,
        HelpName = "NAME",
    };

    private readonly Option<string?> _auth = new("--auth")
    {
        Description = "What proves it, where the server asks for it.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _leave = new("--leave")
    {
        Description = "Leave at the end; otherwise the user stays on the server, unlinked.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print a JSON object for each event, one a line.",
    };

    public ConnectCommand()
        : base("connect", "Link as a user, show what happens, and send what is typed.", $"""
            Lines to type, or to pipe in:
            {Indent(LineCommands.Help)}

            After a drop the client connects and links again by itself, and says so. It ends with the input, with /quit or with
            Ctrl-C: the user is unlinked, or leaves with --leave, and the exit code is 0. It is 1 where the user is rejected at the start
            or the connection is lost for good.

            Examples:
              krmx connect ws://localhost:8082/ --user simon
              krmx connect ws://localhost:8082/rooms/chess --user simon --auth 'a ticket' --leave
              echo 'chat/message "hello"' | krmx connect ws://localhost:8082/ --user simon --json
            """)
    {
        Arguments.Add(_uri);
        foreach (Option option in (Option[])[_user, _auth, _leave, _json])
            Options.Add(option);
        SetAction(RunAsync);
    }

    private static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        var options = new ConnectOptions(
            line.GetRequiredValue(_uri), line.GetRequiredValue(_user), line.GetValue(_auth), line.GetValue(_leave));
        await using var run = new ConnectRun(options, new ConnectView(Console.Out, Console.Error, line.GetValue(_json)));
        try
        {
            await run.RunAsync(LineReader.Read(Console.In), interruption);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (KrmxDisconnectedException error) when (error is { Close: null, HttpStatus: null, InnerException: not null })
        {
            return Fail($"cannot connect to {options.Uri}: {error.GetBaseException().Message}");
        }
        catch (Exception error) when (error is KrmxException or ArgumentException)
        {
            return Fail(error.Message);
        }
    }
}
