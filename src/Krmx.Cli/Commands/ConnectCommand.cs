using System.CommandLine;
using System.Net;
using Krmx.Cli.Connect;
using Krmx.Cli.Terminal;

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

    private readonly Option<double> _timeout = AnswerTimeout.Create(15);

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

            Lines that begin with '< ' are messages that came, those with '* ' are what happened; what you type stands between.

            After a drop the client connects again by itself and goes on where it left off, and says so; what is typed meanwhile is sent then.
            Where it cannot go on, it links anew and says that there is a gap. It ends with the input, with /quit or with Ctrl-C: the user
            is unlinked, or leaves with --leave, and the exit code is 0. It is 1 where the user is rejected at the start or the connection
            is lost for good.

            Examples:
              krmx connect ws://localhost:8082/ --user simon
              krmx connect ws://localhost:8082/rooms/chess --user simon --auth 'a ticket' --leave
              echo 'chat/message "hello"' | krmx connect ws://localhost:8082/ --user simon --json
            """)
    {
        Arguments.Add(_uri);
        foreach (Option option in (Option[])[_user, _auth, _timeout, _leave, _json])
            Options.Add(option);
        _user.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is "")
                result.AddError("--user must be a name, not empty");
        });
        SetAction(RunAsync);
    }

    private static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        var options = new ConnectOptions(
            line.GetRequiredValue(_uri),
            line.GetRequiredValue(_user),
            line.GetValue(_auth),
            line.GetValue(_leave),
            TimeSpan.FromSeconds(line.GetValue(_timeout)));
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
        catch (Exception error) when (error is KrmxException or ArgumentException)
        {
            return Failure.Report(Describe(error, options.Uri));
        }
    }

    private static string Describe(Exception error, Uri uri)
    {
        string to = $"cannot connect to {uri}: ";
        return error switch
        {
            KrmxDisconnectedException { Close: null, HttpStatus: HttpStatusCode status } => $"{to}the server answered with HTTP status {(int)status}",
            KrmxDisconnectedException { Close: null, InnerException: not null } => to + error.GetBaseException().Message + Advice.For(error),
            KrmxTimeoutException { Operation: "connect", Timeout: TimeSpan time } => $"{to}the server did not answer in {time.TotalSeconds} s",
            KrmxTimeoutException { Operation: "link" } => $"{error.Message}; is it a Krmx server?",
            _ => error.Message,
        };
    }
}
