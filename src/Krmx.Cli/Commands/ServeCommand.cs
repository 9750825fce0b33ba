using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Krmx.Cli.Serve;
using Krmx.Cli.Terminal;
using Krmx.Storage;

namespace Krmx.Cli.Commands;

/// <summary>A relay server, ready for prototypes.</summary>
internal sealed class ServeCommand : CommandWithExamples
{
    private readonly Option<int> _port = new("--port", "-p")
    {
        Description = "The port to listen on; 0 takes any that is free.",
        DefaultValueFactory = _ => 8082,
        CustomParser = NumberInRange.Of(IPEndPoint.MinPort, IPEndPoint.MaxPort, $"--port must be from 0 to {IPEndPoint.MaxPort}"),
        HelpName = "PORT",
    };

    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on: localhost, an IP address of this machine, or * for all of them.",
        DefaultValueFactory = _ => "localhost",
        HelpName = "HOST",
    };

    private readonly Option<bool> _rooms = new("--rooms")
    {
        Description = "Serve a room for each path /rooms/NAME, instead of one room at /.",
    };

    private readonly Option<bool> _includeSender = new("--include-sender")
    {
        Description = "Relay a message to the user who sent it, too.",
    };

    private readonly Option<string> _store = new("--store")
    {
        Description = "Keep rooms in this file, made where there is none, so that they outlive the process.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Show every message, and the server's own log.",
    };

    public ServeCommand()
        : base("serve", "Run a relay server: what one user sends, the others receive.", """
            Paths:
              /            the one room, at ws://HOST:PORT/
              /rooms/NAME  with --rooms: the room NAME, made when somebody comes and gone two minutes after the last has left

            Every message of the application's own is relayed to the other linked users of the room as it is. Messages 'atom/set' are not:
            they set shared atoms, which the server keeps and sends to everybody, and to each newcomer. Anybody may be any user. Limits
            are the defaults: 64 KiB a message, 1 MiB waiting for one connection; only the rate of messages has none. Ctrl-C closes:
            users leave, connections are closed with 1012, after which clients try to come back.

            With --store, users and atoms are kept: nobody leaves when the server ends, in good order or not, and clients of Krmx for .NET
            go on where they left off when it is started again. The file is SQLite's, and one server at a time has it open.

            Examples:
              krmx serve
              krmx serve --port 9000 --host '*' --rooms
              krmx serve --include-sender --verbose
              krmx serve --store rooms.db
            """)
    {
        _host.Validators.Add(result =>
        {
            string host = result.GetValueOrDefault<string>();
            if (host is not ("localhost" or "*") && !IPAddress.TryParse(host, out _))
                result.AddError($"--host must be localhost, * or an IP address, not '{host}'");
        });
        _store.Validators.Add(result =>
        {
            // SQLite takes these for no file.
            string file = result.GetValueOrDefault<string>();
            if (file.Length == 0 || file.StartsWith(":memory:", StringComparison.Ordinal) || file.StartsWith("file:", StringComparison.Ordinal))
                result.AddError($"--store must be the path of a file, not '{file}'");
        });
        foreach (Option option in (Option[])[_port, _host, _rooms, _store, _includeSender, _verbose])
            Options.Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        var options = new RelayOptions(line.GetRequiredValue(_host), line.GetValue(_port))
        {
            HasRooms = line.GetValue(_rooms),
            Store = line.GetValue(_store),
            IncludesSender = line.GetValue(_includeSender),
            IsVerbose = line.GetValue(_verbose),
        };
        try
        {
            await Relay.RunAsync(options, interruption);
            return ExitCode.Done;
        }
        catch (RoomStoreException error)
        {
            return Failure.Report($"cannot keep rooms in {options.Store}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return Failure.Report($"cannot listen at {options.Url}: {error.GetBaseException().Message}{Advice.For(error)}");
        }
    }
}
