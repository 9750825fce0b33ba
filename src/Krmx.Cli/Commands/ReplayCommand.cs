using System.CommandLine;
using System.Text;
using Krmx.Cli.Serve;
using Krmx.Cli.Terminal;
using Krmx.Rooms;
using Krmx.Sqlite;
using Krmx.State;
using Krmx.Storage;

namespace Krmx.Cli.Commands;

/// <summary>A room whose history is kept, read again.</summary>
internal sealed class ReplayCommand : CommandWithExamples
{
    private static readonly TimeSpan TimeBetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _file = new("FILE") { Description = "The file of the store, also while a server has it." };

    private readonly Option<string?> _room = new("--room") { Description = "The room. Default: lists the rooms there are.", HelpName = "NAME" };

    private readonly Option<string?> _route = new("--route") { Description = "The route's pattern. Default: the only one there is.", HelpName = "PATTERN" };

    private readonly Option<string?> _user = new("--as")
    {
        Description = "Show what this user was sent, a line for each frame. Default: how the room was, as the server saw it.",
        HelpName = "USER",
    };

    private readonly Option<long?> _at = new("--at") { Description = "Up to this turn. Default: the last one there is.", HelpName = "TURN" };

    private readonly Option<bool> _follow = new("--follow") { Description = "Go on as the room does, until interrupted; with --as." };

    public ReplayCommand()
        : base("replay", "Read a room again, as one of its users or as the server saw it.", """
            The server keeps its rooms in the file (krmx serve --store FILE, or UseSqlite) and their history with them (Storage.History).

            Examples:
              krmx replay rooms.db                               list the rooms
              krmx replay rooms.db --room chess                  how it is
              krmx replay rooms.db --room chess --at 120         how it was after turn 120
              krmx replay rooms.db --room chess --as alice       what alice was sent
              krmx replay rooms.db --room chess --as alice --follow
            """)
    {
        Arguments.Add(_file);
        foreach (Option option in new Option[] { _room, _route, _user, _at, _follow })
            Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(_follow) && result.GetValue(_user) is null)
                result.AddError("--follow shows what a user is sent; say whom with --as USER");
            if (result.GetValue(_at) is < 1)
                result.AddError("--at takes the number of a turn, from 1");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        try
        {
            await using SqliteRoomStore store = SqliteRoomStore.OpenReader(StoreFile.ConnectionString(line.GetRequiredValue(_file)));
            string? route = line.GetValue(_route) ?? await OnlyRouteAsync(store, interruption);
            if (route is null)
                return ExitCode.Failed;
            if (line.GetValue(_room) is not string name)
                return await ListAsync(store, route, interruption);
            var room = new RoomKey(route, name);
            long upTo = line.GetValue(_at) ?? long.MaxValue;
            if (line.GetValue(_user) is string user)
                await ShowFramesAsync(store, room, user, upTo, line.GetValue(_follow), interruption);
            else
                Show(await new RoomHistoryReader(store).ReadStateAsync(room, upTo, interruption));
            return ExitCode.Done;
        }
        catch (Exception error) when (error is KrmxException or ArgumentException)
        {
            return Failure.Report(error.Message);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    private static async Task<string?> OnlyRouteAsync(SqliteRoomStore store, CancellationToken interruption)
    {
        IReadOnlyList<string> routes = await store.ListRoutesAsync(interruption);
        if (routes.Count == 1)
            return routes[0];
        Failure.Report(routes.Count == 0 ? "no rooms are stored there" : $"rooms of several routes are stored there; name one with --route: {string.Join(", ", routes)}");
        return null;
    }

    private static async Task<int> ListAsync(SqliteRoomStore store, string route, CancellationToken interruption)
    {
        string? last = null;
        while (true)
        {
            IReadOnlyList<RoomSummary> rooms = await store.ListAsync(route, last, 100, interruption);
            foreach (RoomSummary room in rooms)
                Console.WriteLine($"{Printable.Of(room.Room.Name)}\t{room.Bytes:N0} bytes\tlast stored {room.LastStored:u}{(room.IsAtRest ? "" : "\topen")}");
            if (rooms.Count == 0)
                return ExitCode.Done;
            last = rooms[^1].Room.Name;
        }
    }

    private static async Task ShowFramesAsync(SqliteRoomStore store, RoomKey room, string user, long upTo, bool follows, CancellationToken interruption)
    {
        var reader = new RoomHistoryReader(store);
        await foreach (ReplayedTurn turn in follows
            ? reader.FollowAsync(room, user, TimeBetweenLooks, interruption)
            : reader.ReadAsync(room, user, upTo, interruption))
        {
            foreach (ReadOnlyMemory<byte> frame in turn.Frames)
                Console.WriteLine($"{turn.Number}\t{Printable.Of(Encoding.UTF8.GetString(frame.Span))}");
        }
    }

    private static void Show(RoomReplay room)
    {
        Console.WriteLine($"users: {string.Join(", ", room.Users.Select(Printable.Of))}");
        foreach ((string name, JsonTree state) in room.States.OrderBy(static state => state.Key, StringComparer.Ordinal))
            Console.WriteLine($"{Printable.Of(name)}: {Printable.Of(state.ToString())}");
    }
}
