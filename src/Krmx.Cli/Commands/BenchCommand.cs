using System.CommandLine;
using Krmx.Cli.Bench;
using Krmx.Cli.Terminal;
using Krmx.Load;

namespace Krmx.Cli.Commands;

/// <summary>A load on any server that relays.</summary>
internal sealed class BenchCommand : CommandWithExamples
{
    private const int MostPairs = 10_000_000;

    private readonly Argument<Uri> _uri = ServerAddress.Create();

    private readonly Option<int> _clients = Number("--clients", "How many users link.", 100, 1, 20_000);

    private readonly Option<int> _senders = Number("--senders", "How many of them send.", 1, 1, 9_999);

    private readonly Option<int> _window = Number("--window", "How many messages each sender has under way: the next goes when one has come back.", 1, 1, 10_000);

    private readonly Option<int?> _rate = new("--rate")
    {
        Description = "Send so many messages a second, all senders together, whatever comes back, instead of --window.",
        CustomParser = NumberInRange.OrNone(1, 100_000, "--rate must be from 1 to 100000"),
        HelpName = "PER-SECOND",
    };

    private readonly Option<int> _payload = Number("--payload", "How many bytes a message has, its type included; at least 80.", 100, 80, 60_000);

    private readonly Option<int> _duration = Number("--duration", "How many seconds to measure.", 10, 1, 86_400);

    private readonly Option<int> _warmUp = Number("--warm-up", "How many seconds the load runs before it is measured.", 2, 0, 3_600);

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Link with sessions, and tell at the end whether every message came to every client once and in order.",
    };

    private readonly Option<double?> _cutEvery = new("--cut-every")
    {
        Description = "Cut each client's connection about every so many seconds; it comes back and goes on. Needs --resume.",
        CustomParser = NumberInRange.OrNone(0.1, 86_400, "--cut-every must be from 0.1 to 86400 seconds"),
        HelpName = "SECONDS",
    };

    private readonly Option<int> _ramp = Number("--ramp", "How many clients connect in a second; 0 for as fast as it goes.", 0, 0, 100_000);

    private readonly Option<int?> _process = new("--process")
    {
        Description = "The server's process on this machine, to tell what it uses.",
        CustomParser = NumberInRange.OrNone(1, int.MaxValue, "--process must be the number of a process"),
        HelpName = "ID",
    };

    private readonly Option<double> _timeout = AnswerTimeout.Create(15);

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the results as one JSON object.",
    };

    public BenchCommand()
        : base("bench", "Put a load on a server, and measure it.", """
            The server must relay a message of one user to all; with --window, which is the default, to its sender as well. All users are called
            'bench-' and six random digits, then their number, and leave at the end. Only ws:// is spoken: TLS would measure itself.

            With --window, latency is what a sender waits for its own message, and the load is as fast as the server. With --rate it is counted at
            every receiver, from the moment at which the message was due. The exit code is 1 if a client was refused or lost.

            With --resume nobody else may send meanwhile, and the exit code is 1, too, if a message was lost, doubled or out of order at any
            client. Cuts begin with the load and go on until it ends, half of them resets, half of them ends of the stream.

            Examples:
              krmx serve --include-sender &
              krmx bench ws://localhost:8082/
              krmx bench ws://localhost:8082/ --clients 1000 --senders 8 --duration 30 --process $!
              krmx bench ws://localhost:8082/ --clients 200 --senders 10 --rate 200 --json
              krmx bench ws://localhost:8082/ --clients 200 --rate 200 --resume --cut-every 5
            """)
    {
        Arguments.Add(_uri);
        foreach (Option option in (Option[])[_clients, _senders, _window, _rate, _payload, _duration, _warmUp, _resume, _cutEvery, _ramp, _process, _timeout, _json])
            Options.Add(option);
        SetAction(RunAsync);
    }

    private static Option<int> Number(string name, string description, int byDefault, int least, int most) => new(name)
    {
        Description = description,
        CustomParser = NumberInRange.Of(least, most, $"{name} must be from {least} to {most}"),
        DefaultValueFactory = _ => byDefault,
        HelpName = "N",
    };

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        if (Contradiction(line) is string problem)
            return UsageError.Report(line.CommandResult, problem);
        Uri uri = line.GetRequiredValue(_uri);
        var options = new BenchOptions(
            uri,
            line.GetValue(_clients),
            line.GetValue(_senders),
            line.GetValue(_window),
            line.GetValue(_rate),
            line.GetValue(_payload),
            TimeSpan.FromSeconds(line.GetValue(_warmUp)),
            TimeSpan.FromSeconds(line.GetValue(_duration)),
            line.GetValue(_ramp),
            line.GetValue(_process),
            TimeSpan.FromSeconds(line.GetValue(_timeout)))
        {
            Resumes = line.GetValue(_resume),
            CutPeriod = line.GetValue(_cutEvery) is double seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        try
        {
            BenchResult result = await BenchRun.RunAsync(options, new BenchProgress(Console.Error), interruption);
            Console.WriteLine(line.GetValue(_json) ? result.ToJson() : result.ToString());
            return result.Flaw is string flaw ? Failure.Report(flaw) : ExitCode.Done;
        }
        catch (LoadException error)
        {
            return Failure.Report($"cannot measure {uri}: {error.Message}{Advice.For(error)}");
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return Failure.Report("interrupted before anything was measured");
        }
    }

    /// <summary>What is wrong with arguments that are right one by one. Validators would be too early: there a wrong number throws.</summary>
    private string? Contradiction(ParseResult line)
    {
        if (line.GetRequiredValue(_uri).Scheme != "ws")
            return "krmx bench speaks ws:// only: measure the server beside what ends its TLS";
        if (line.GetValue(_senders) > line.GetValue(_clients))
            return $"--senders cannot be more than --clients, which is {line.GetValue(_clients)}";
        if (line.GetResult(_rate) is not null && line.GetResult(_window) is { Implicit: false })
            return "--rate stands instead of --window: give one of them";
        if (line.GetValue(_cutEvery) is not null && !line.GetValue(_resume))
            return "--cut-every needs --resume: without a session a client misses what is sent while it is away";
        if (line.GetValue(_resume) && (long)line.GetValue(_clients) * line.GetValue(_senders) > MostPairs)
            return $"with --resume what each client has had of each sender is kept: --clients times --senders cannot be more than {MostPairs}";
        return null;
    }
}
