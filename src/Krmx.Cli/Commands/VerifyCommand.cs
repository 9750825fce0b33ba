using System.CommandLine;
using Krmx.Cli.Verify;
using Krmx.Conformance;
using Krmx.Conformance.Remote;

namespace Krmx.Cli.Commands;

/// <summary>The protocol's rules, tried on any server.</summary>
internal sealed class VerifyCommand : CommandWithExamples
{
    private readonly Argument<Uri> _uri = ServerAddress.Create();

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Try only the rules whose number, name or text holds this; '4.' is section 4.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _auth = new("--auth")
    {
        Description = "What users prove themselves with, where the server asks for it.",
        HelpName = "TEXT",
    };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "How many seconds the server may take over any answer.",
        DefaultValueFactory = _ => 5,
        CustomParser = NumberInRange.Of(0.001, 3600, "--timeout must be from 0.001 to 3600 seconds"),
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print a JSON object for each rule, one a line, instead of the table.",
    };

    public VerifyCommand()
        : base("verify", "Try the protocol's rules on a server, over the network alone.", """
            Rules that need another kind of server, or a part of its application, are not applicable; the table says what they need.
            Users are called 'verify-', six random digits and their part, and leave at the end of each rule. Users and messages of others
            are not touched, but others see these users come and go. Rules about usernames link a few short names for a moment, and only
            where nobody has them. The exit code is 1 if any rule failed.

            Examples:
              krmx verify ws://localhost:8082/
              krmx verify wss://example.org/krmx --auth 'a ticket' --timeout 10
              krmx verify ws://localhost:8082/ --filter 5. --json
            """)
    {
        Arguments.Add(_uri);
        foreach (Option option in (Option[])[_filter, _auth, _timeout, _json])
            Options.Add(option);
        _filter.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is string filter && Rules(filter).Length == 0)
                result.AddError($"no rule has '{filter}' in its number, name or text");
        });
        SetAction(RunAsync);
    }

    private static Rule[] Rules(string? filter) => [.. RuleBook.All.Where(rule =>
        filter is null || rule.Id.StartsWith(filter, StringComparison.Ordinal) ||
        rule.Id[rule.Id.IndexOf(' ', StringComparison.Ordinal)..].Contains(filter, StringComparison.OrdinalIgnoreCase) ||
        rule.Title.Contains(filter, StringComparison.OrdinalIgnoreCase))];

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        Uri uri = line.GetRequiredValue(_uri);
        var report = new VerifyReport(Console.Out, line.GetValue(_json));
        try
        {
            var given = new RemoteSite(uri, line.GetValue(_auth), TimeSpan.FromSeconds(line.GetValue(_timeout)));
            RemoteSite site = await given.ProbeAsync();
            foreach (Rule rule in Rules(line.GetValue(_filter)))
            {
                if (interruption.IsCancellationRequested)
                    return Fail("interrupted: not every rule was tried");
                report.Add(await RemoteTrial.RunAsync(rule, site));
            }
        }
        catch (SiteUnreachableException error)
        {
            return Fail($"cannot verify {uri}: {error.Message}");
        }
        report.End();
        return report.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }
}
