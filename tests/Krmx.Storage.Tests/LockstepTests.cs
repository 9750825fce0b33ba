using System.Globalization;
using Krmx.PostgreSql;
using Krmx.Testing;

namespace Krmx.Storage.Tests;

/// <summary>Random calls to a store and to <see cref="MemoryRoomStore"/>, the model: each must give the same answers, exceptions too.</summary>
public class LockstepTests(PostgreSqlServer server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Sqlite_AnswersAsTheModelDoes(int seed)
    {
        using var folder = new TemporaryFolder();
        await using var run = new Lockstep(seed, () => folder.Store());
        await run.RunAsync(3000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task PostgreSql_AnswersAsTheModelDoes(int seed)
    {
        await using var run = new Lockstep(seed, () => new PostgreSqlRoomStore(server.ConnectionString, $"lockstep-{seed}"));
        await run.RunAsync(1000);
    }
}

/// <summary>One run: a seed decides every call.</summary>
internal sealed class Lockstep(int seed, Func<IRoomStore> open) : IAsyncDisposable
{
    private static readonly string[] Routes = ["/a", "/b/{room}"];
    private static readonly string[] Names = ["", "a", "A", "ä", "😀", "\uFF21", "'"];

    private readonly Random _random = new(seed);
    private readonly MemoryRoomStore _model = new();
    private readonly List<string> _history = [];

    /// <summary>The openings of each room, with the epochs that model and store gave: those need not be the same numbers.</summary>
    private readonly Dictionary<RoomKey, List<(long Model, long Store)>> _openings = [];

    /// <summary>Commits that are tried again.</summary>
    private readonly List<(RoomCommit Model, RoomCommit Store)> _commits = [];

    /// <summary>The last turn of each room, as far as its openings and commits have told; most commits follow on it.</summary>
    private readonly Dictionary<RoomKey, long> _lastTurns = [];
    private IRoomStore _store = open();

    public async Task RunAsync(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            (string expected, string answer) = await StepAsync();
            if (_history.Count > 30)
                _history.RemoveAt(0);
            Assert.True(expected == answer, $"Seed {seed}, step {step}: the model says\n{expected}\nand the store\n{answer}\nafter\n{string.Join('\n', _history)}");
        }
        foreach (RoomKey room in _openings.Keys)
        {
            (string expected, string answer) = await OpenAsync(room);
            Assert.Equal(expected, answer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        await _store.DisposeAsync();
    }

    private Task<(string Model, string Store)> StepAsync()
    {
        switch (_random.Next(100))
        {
            case < 12:
                return OpenAsync(AnyRoom());
            case < 55:
                return CommitAsync([.. Routes.SelectMany(static route => Names, static (route, name) => new RoomKey(route, name))
                    .Where(_ => _random.Next(3) == 0).Select(AnyCommit).OfType<(RoomCommit, RoomCommit)>()]);
            case < 60:
                return CommitAsync(_commits.TakeLast(8).Where(_ => _random.Next(2) == 0).DistinctBy(static commit => commit.Model.Room).ToList());
            case < 62:
                return DeleteAsync();
            case < 70:
                {
                    (string route, string? after, int count) = (AnyRoute(), _random.Next(2) == 0 ? null : AnyName(), _random.Next(9));
                    return BothAsync($"list {route} after {after}, {count}", async store => string.Join("; ", (await store.ListAsync(route, after, count)).Select(Text)));
                }
            case < 80:
                {
                    (string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset until, int count) = (AnyRoute(), AnyTime(), AnyTime(), AnyTime(), _random.Next(5));
                    overdue = overdue > now ? now : overdue;
                    return BothAsync($"claim {route}", async store => string.Join("; ", await store.ClaimDueAsync(route, now, overdue, until, count)));
                }
            case < 86:
                {
                    string route = AnyRoute();
                    return BothAsync($"next alarm {route}", async store => $"{(await store.NextAlarmAsync(route))?.UtcTicks}");
                }
            case < 88:
                {
                    (string route, DateTimeOffset since, int count) = (AnyRoute(), AnyTime(), _random.Next(4));
                    return BothAsync($"delete unused {route}", async store => string.Join("; ", await store.DeleteUnusedAsync(route, since, count)));
                }
            case < 99:
                {
                    (RoomKey room, int after, int count) = (AnyRoom(), _random.Next(20), _random.Next(20));
                    return BothAsync($"read {room} after {after}, {count}", async store => Text(await store.ReadTurnsAsync(room, after, count)));
                }
            default:
                return ReopenAsync();
        }
    }

    private async Task<(string Model, string Store)> ReopenAsync()
    {
        _history.Add("reopen");
        await _store.DisposeAsync();
        _store = open();
        return ("", "");
    }

    private async Task<(string Model, string Store)> OpenAsync(RoomKey room)
    {
        _history.Add($"open {room}");
        DateTimeOffset now = AnyTime();
        StoredRoom model = await _model.OpenAsync(room, now);
        StoredRoom store = await _store.OpenAsync(room, now);
        if (!_openings.TryGetValue(room, out List<(long Model, long Store)>? openings))
            _openings.Add(room, openings = []);
        Assert.True(openings.Count == 0 || openings[^1].Store < store.Epoch, "An epoch is no higher than the one before.");
        openings.Add((model.Epoch, store.Epoch));
        _lastTurns[room] = model.LastTurn;
        return (Text(model), Text(store));

        static string Text(StoredRoom room) => $"{room.LastTurn}, {(room.Snapshot is StoredTurn snapshot ? Lockstep.Text([snapshot]) : "none")}, {Lockstep.Text(room.Turns)}";
    }

    private async Task<(string Model, string Store)> DeleteAsync()
    {
        RoomKey room = AnyRoom();
        (long Model, long Store)? epoch = _random.Next(3) == 0 ? null : AnyOpening(room);
        _history.Add($"delete {room} {epoch}");
        return ($"{await _model.DeleteAsync(room, epoch?.Model)}", $"{await _store.DeleteAsync(room, epoch?.Store)}");
    }

    private async Task<(string Model, string Store)> CommitAsync(List<(RoomCommit Model, RoomCommit Store)> commits)
    {
        if (_random.Next(2) == 0)
            commits = [.. commits.Take(1)];
        _history.Add($"commit {string.Join("; ", commits.Select(static commit => $"{commit.Model.Room} {commit.Model.Epoch}/{commit.Store.Epoch} {Text(commit.Model.Turns)} snapshot {commit.Model.Snapshot?.Number} history {commit.Model.KeepsHistory}"))}");
        _commits.AddRange(commits);
        if (_commits.Count > 100)
            _commits.RemoveRange(0, 50);
        (string Model, string Store) answers = (
            await CommitAsync(_model, [.. commits.Select(static commit => commit.Model)]), await CommitAsync(_store, [.. commits.Select(static commit => commit.Store)]));
        foreach ((RoomCommit commit, _) in commits)
        {
            if (!commit.IsFenced && commit.Turns is [.., StoredTurn last] && answers.Model.StartsWith("stored", StringComparison.Ordinal))
                _lastTurns[commit.Room] = Math.Max(_lastTurns[commit.Room], last.Number);
        }
        return answers;

        static async Task<string> CommitAsync(IRoomStore store, RoomCommit[] commits)
        {
            string outcome = "stored";
            try
            {
                await store.CommitAsync(commits);
            }
            catch (InvalidOperationException)
            {
                outcome = "refused";
            }
            return $"{outcome}, fenced: {string.Join("; ", commits.Where(static commit => commit.IsFenced).Select(static commit => commit.Room))}";
        }
    }

    /// <summary>A commit of the room's last epoch or an earlier one, that follows on what is stored or does not.</summary>
    private (RoomCommit Model, RoomCommit Store)? AnyCommit(RoomKey room)
    {
        if (!_openings.ContainsKey(room))
            return null;
        (long Model, long Store) epoch = AnyOpening(room)!.Value;
        long last = _lastTurns[room];
        long first = _random.Next(8) switch { 0 => last, 1 => last + 2, _ => last + 1 };
        StoredTurn[] turns = [.. Enumerable.Range(0, _random.Next(4)).Select(i => AnyTurn(first + i))];
        StoredTurn? snapshot = _random.Next(4) == 0 ? AnyTurn(Math.Max(0, last + turns.Length - _random.Next(-1, 4))) : null;
        (bool history, bool rests, DateTimeOffset? alarm, DateTimeOffset time) = (_random.Next(3) == 0, _random.Next(3) == 0, _random.Next(2) == 0 ? AnyTime() : null, AnyTime());
        return (Of(epoch.Model), Of(epoch.Store));

        RoomCommit Of(long epoch) => new()
        {
            Room = room,
            Epoch = epoch,
            Turns = turns,
            Snapshot = snapshot,
            KeepsHistory = history,
            Alarm = alarm,
            IsAtRest = rests,
            Time = time,
        };
    }

    private async Task<(string Model, string Store)> BothAsync(string what, Func<IRoomStore, Task<string>> call)
    {
        _history.Add(what);
        return (await call(_model), await call(_store));
    }

    private (long Model, long Store)? AnyOpening(RoomKey room) =>
        _openings.TryGetValue(room, out List<(long, long)>? openings) ? openings[Math.Max(0, openings.Count - 1 - (_random.Next(6) == 0 ? _random.Next(3) : 0))] : null;

    private StoredTurn AnyTurn(long number)
    {
        byte[] bytes = new byte[_random.Next(30)];
        _random.NextBytes(bytes);
        return new StoredTurn(number, bytes);
    }

    private string AnyRoute() => Routes[_random.Next(Routes.Length)];

    private string AnyName() => Names[_random.Next(Names.Length)];

    private RoomKey AnyRoom() => new(AnyRoute(), AnyName());

    // Few times, so that some are the same.
    private DateTimeOffset AnyTime() => DateTimeOffset.UnixEpoch.AddTicks(_random.Next(40));

    private static string Text(RoomSummary room) =>
        string.Create(CultureInfo.InvariantCulture, $"{room.Room} {room.LastStored.UtcTicks} {room.Alarm?.UtcTicks} {room.IsAtRest} {room.Bytes}");

    private static string Text(IEnumerable<StoredTurn> turns) => string.Join(", ", turns.Select(static turn => $"{turn.Number}:{Convert.ToHexString(turn.Bytes.Span)}"));
}
