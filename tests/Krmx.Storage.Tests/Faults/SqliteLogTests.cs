using Krmx.Sqlite;

namespace Krmx.Storage.Tests.Faults;

/// <summary>
/// What a machine leaves that loses its power, and a disk that changes what it has: files as they were at some moment, with writes that were not on the disk yet missing or torn,
/// or with a byte that is another one. What was stored is there, or it is told that it is not.
/// </summary>
public sealed class SqliteLogTests(ITestOutputHelper output) : IDisposable
{
    private const int Commits = 8, Sector = 512;

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomKey Room = new("/", "a");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LogWithoutItsLastWrites_HasWhatWasStoredBefore()
    {
        Image[] images = await RecordAsync();
        var random = new Random(7);
        int without = 0, with = 0;
        for (int i = 1; i < images.Length; i++)
        {
            (byte[] before, byte[] after) = (images[i - 1].Log, images[i].Log);
            for (int round = 0; round < 25; round++)
            {
                byte[] torn = [.. after];
                if (round == 0)
                    torn = before;
                else if (round % 2 == 0)
                    torn = after[..random.Next(before.Length, after.Length)];
                else
                    LoseSectors(torn, before, random);
                int turns = await OpenAsync(images[i].Database, torn);
                Assert.InRange(turns, i - 1, i);
                without += turns < i ? 1 : 0;
                with += turns == i ? 1 : 0;
            }
        }
        output.WriteLine($"{without} without the last commit, {with} with it");
        Assert.True(without > 50 && with > 3);
    }

    /// <summary>Also where the log goes on behind what was written anew, with what is left of its time before.</summary>
    [Fact]
    public async Task LogThatWasBegunAnew_HasWhatWasStored()
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        for (int number = 1; number <= 40; number++)
        {
            await store.CommitAsync([Commit(epoch, number)]);
            if (number == 30)
                _folder.Run("PRAGMA wal_checkpoint(FULL)");
            Image image = Take();
            Assert.Equal(number, await OpenAsync(image.Database, image.Log));
        }
    }

    /// <summary>What a transaction has written that was taken back is left behind what was committed.</summary>
    [Fact]
    public async Task LogWithATransactionThatWasTakenBack_HasWhatWasStored()
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        await store.CommitAsync([Commit(epoch, 1)]);
        long length = Take().Log.Length;
        _folder.Run(
            "PRAGMA cache_size = 1; BEGIN; " +
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) " +
            "INSERT INTO turns SELECT room, number + 100 + i, 0, randomblob(9000) FROM turns, n; ROLLBACK");
        Assert.True(Take().Log.Length > length + 100_000, "The transaction was not written before it was taken back.");
        await store.CommitAsync([Commit(epoch, 2)]);

        Image image = Take();

        Assert.Equal(2, await OpenAsync(image.Database, image.Log));
    }

    [Fact]
    public async Task LogWithAByteThatIsAnotherOne_IsRefusedOrHasAllButTheLastCommit()
    {
        Image[] images = await RecordAsync();
        Image last = images[^1];
        int beforeLast = images[^2].Log.Length;
        int frame = 24 + PageSize(last.Log), refused = 0, cut = 0;
        // Every byte of all headers, and some of each page.
        var random = new Random(11);
        IEnumerable<int> headers = Enumerable.Range(0, 32).Concat(Enumerable.Range(0, last.Log.Length).Where(at => at >= 32 && (at - 32) % frame < 24));
        foreach (int at in headers.Concat(Enumerable.Range(0, 200).Select(_ => random.Next(32, last.Log.Length))))
        {
            byte[] damaged = [.. last.Log];
            damaged[at] ^= (byte)(1 << random.Next(8));
            try
            {
                int turns = await OpenAsync(last.Database, damaged);
                Assert.True(turns == Commits - 1 && at >= beforeLast, $"with another byte at {at} of {last.Log.Length} there are {turns} turns");
                cut++;
            }
            catch (RoomStoreException error)
            {
                Assert.Contains("rooms.db-wal' of the room store is damaged", error.Message, StringComparison.Ordinal);
                Assert.False(error.IsTransient);
                refused++;
            }
        }
        output.WriteLine($"{refused} refused, {cut} without the last commit");
        Assert.True(refused > 200 && cut > 20);
    }

    private static int PageSize(byte[] log) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(8));

    private static RoomCommit Commit(long epoch, long number) => new() { Room = Room, Epoch = epoch, Turns = [Turn(number)], Time = Now };

    private static StoredTurn Turn(long number) => new(number, Enumerable.Repeat((byte)number, 3000).ToArray());

    /// <summary>What is not on the disk yet of a log, by sectors, is what was there before, or nothing.</summary>
    private static void LoseSectors(byte[] log, byte[] before, Random random)
    {
        int of = random.Next(1, 60);
        for (int at = before.Length; at < log.Length; at += Sector)
        {
            if (random.Next(of) == 0)
                log.AsSpan(at, Math.Min(Sector, log.Length - at)).Clear();
        }
    }

    /// <summary>The files after each of a few commits.</summary>
    private async Task<Image[]> RecordAsync()
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        var images = new List<Image> { Take() };
        for (int number = 1; number <= Commits; number++)
        {
            await store.CommitAsync([Commit(epoch, number)]);
            images.Add(Take());
        }
        return [.. images];
    }

    private Image Take() => new(Read(_folder.Database), Read(_folder.Database + "-wal"));

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>How many turns a store on such files has, each as it was stored.</summary>
    private static async Task<int> OpenAsync(byte[] database, byte[] log)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Database;
        await File.WriteAllBytesAsync(path, database);
        await File.WriteAllBytesAsync(path + "-wal", log);
        await using SqliteRoomStore store = folder.Store();
        StoredRoom room = await store.OpenAsync(Room, Now);
        Assert.All(room.Turns, static turn => Assert.True(turn.Bytes.Span.SequenceEqual(Turn(turn.Number).Bytes.Span)));
        return (int)room.LastTurn;
    }

    private readonly record struct Image(byte[] Database, byte[] Log);
}
