using System.Text;

namespace Krmx.Storage.Tests;

/// <summary>What every store of rooms has to do; one derives from this and says how it is made.</summary>
public abstract partial class RoomStoreSpecification : IAsyncLifetime
{
    protected const string Route = "/rooms/{room}";

    protected static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The store that is tested, empty at first.</summary>
    protected IRoomStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Store = await CreateAsync();
        // The first use makes its tables, which are looked at when a test has ended.
        Assert.Empty(await NamesAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store.</summary>
    protected abstract ValueTask<IRoomStore> CreateAsync();

    /// <summary>Makes a store on what the first one has kept, beside it or after its end, as the store allows.</summary>
    protected abstract ValueTask<IRoomStore> ReopenAsync(IRoomStore store);

    /// <summary>Stores of several servers on the same data; the same one, where that is for one process.</summary>
    protected virtual ValueTask<IRoomStore> JoinAsync() => new(Store);

    /// <summary>Removes what the stores have left behind.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    protected static RoomKey Key(string name) => new(Route, name);

    protected static StoredTurn Turn(long number, string text = "") => new(number, Encoding.UTF8.GetBytes($"{number}{text}"));

    protected static StoredTurn[] Turns(long first, long last) => [.. Enumerable.Range((int)first, (int)(last - first + 1)).Select(static number => Turn(number))];

    protected static RoomCommit Commit(RoomKey room, long epoch, params StoredTurn[] turns) => new() { Room = room, Epoch = epoch, Turns = turns, Time = Now };

    protected static DateTimeOffset At(int seconds) => Now.AddSeconds(seconds);

    protected Task<StoredRoom> OpenAsync(string name) => Store.OpenAsync(Key(name), Now);

    /// <summary>Opens a room and stores its first turns.</summary>
    /// <returns>The epoch.</returns>
    protected async Task<long> OpenWithAsync(string name, int turns)
    {
        long epoch = (await OpenAsync(name)).Epoch;
        await StoreAsync(Commit(Key(name), epoch, Turns(1, turns)));
        return epoch;
    }

    /// <summary>Makes a room that rests.</summary>
    protected Task<long> RestAsync(string name, DateTimeOffset? alarm = null, DateTimeOffset? time = null) => RestAsync(Key(name), alarm, time);

    protected async Task<long> RestAsync(RoomKey room, DateTimeOffset? alarm = null, DateTimeOffset? time = null)
    {
        long epoch = (await Store.OpenAsync(room, time ?? Now)).Epoch;
        await StoreAsync(new RoomCommit { Room = room, Epoch = epoch, Alarm = alarm, IsAtRest = true, Time = time ?? Now });
        return epoch;
    }

    /// <summary>Stores commits that must not be fenced.</summary>
    protected async Task StoreAsync(params RoomCommit[] commits)
    {
        await Store.CommitAsync(commits);
        Assert.DoesNotContain(commits, static commit => commit.IsFenced);
    }

    protected async Task<RoomSummary?> FindAsync(string name) => (await Store.ListAsync(Route, null, 1000)).SingleOrDefault(room => room.Room.Name == name);

    protected async Task<string[]> NamesAsync(string route = Route) => [.. (await Store.ListAsync(route, null, 1000)).Select(static room => room.Room.Name)];

    protected Task<IReadOnlyList<string>> ClaimAsync(int now, int overdue = -1000, int until = 1000, int count = 100) =>
        Store.ClaimDueAsync(Route, At(now), At(overdue), At(until), count);

    protected static void AssertSame(IEnumerable<StoredTurn> expected, IEnumerable<StoredTurn> turns)
    {
        Assert.Equal(expected.Select(Text), turns.Select(Text));

        static string Text(StoredTurn turn) => $"{turn.Number}: {Convert.ToHexString(turn.Bytes.Span)}";
    }

    /// <summary>Asserts what is stored of a room, by opening it.</summary>
    protected async Task<long> AssertStoredAsync(string name, long lastTurn, StoredTurn? snapshot, params StoredTurn[] turns)
    {
        StoredRoom stored = await OpenAsync(name);
        Assert.Equal(lastTurn, stored.LastTurn);
        AssertSame(snapshot is StoredTurn expected ? [expected] : [], stored.Snapshot is StoredTurn taken ? [taken] : []);
        AssertSame(turns, stored.Turns);
        return stored.Epoch;
    }
}
