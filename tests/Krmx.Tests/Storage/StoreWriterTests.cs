using System.Diagnostics.Metrics;
using System.Text;
using Krmx.Diagnostics;
using Krmx.Rooms;
using Krmx.Storage;
using Krmx.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.Tests.Storage;

/// <summary>What is stored is stored once, whatever the store does; and a room that is not taken holds up no other.</summary>
public sealed class StoreWriterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly UnreliableStore _store = new();
    private readonly StoreWriter _writer;

    public StoreWriterTests() => _writer = new StoreWriter(_store, new RoomEnvironment(
        NullLogger.Instance, new RoomMetrics(_services.GetRequiredService<IMeterFactory>()), _time, static _ => { }));

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task TurnsThatWait_GoIntoOneCommit()
    {
        RoomWriting[] rooms = [await OpenAsync("one"), await OpenAsync("two"), await OpenAsync("three")];
        _store.Hold();

        foreach (RoomWriting room in rooms)
        {
            for (int number = 1; number <= 5; number++)
                Write(room, number);
        }
        _store.Release();

        await Until(() => rooms.All(static room => room.Stored == 5));
        Assert.InRange(_store.Commits, 1, 2); // the first turn may have gone by itself
    }

    [Fact]
    public async Task CommitOfWhichNobodyKnowsWhetherItHappened_HappensOnce()
    {
        RoomWriting room = await OpenAsync("one");
        _store.Fail = static (store, commits) => store.Failures < 2;
        _store.FailsAfterwards = true;

        Write(room, 1);

        await Until(() => room.Stored == 1);
        Assert.Equal(2, _store.Failures);
        Assert.Single(await _store.ReadTurnsAsync(room.Room, 0, 10));
        Assert.Null(_writer.Failing);
    }

    [Fact]
    public async Task StoreThatFailsForLongerThanARoomWaits_IsGivenUp()
    {
        RoomWriting room = await OpenAsync("one");
        _store.Fail = static (_, _) => true;

        Write(room, 1);

        await Until(() => _writer.Failing is not null);
        Assert.Null(room.Lost);
        await Until(() => room.Lost is not null);
        Assert.IsType<IOException>(room.Lost);
        Assert.Equal(0, room.Stored);
    }

    [Fact]
    public async Task RoomThatTheStoreDoesNotTake_HoldsUpNoOther()
    {
        RoomWriting bad = await OpenAsync("bad"), good = await OpenAsync("good");
        _store.Fail = static (_, commits) => commits.Any(static commit => commit.Room.Name == "bad");
        _store.Hold();
        Write(bad, 1);
        Write(good, 1);
        _store.Release();

        await Until(() => good.Stored == 1);
        Assert.Null(bad.Lost);
        await Until(() => bad.Lost is not null);
    }

    [Fact]
    public async Task RoomThatWasOpenedElsewhere_IsLostAtOnce()
    {
        RoomWriting former = await OpenAsync("one"), other = await OpenAsync("two");
        RoomWriting now = await OpenAsync("one");

        Write(former, 1);
        Write(other, 1);
        Write(now, 1);

        await Until(() => former.Lost is not null && other.Stored == 1 && now.Stored == 1);
        Assert.Contains("opened elsewhere", former.Lost!.Message);
        Assert.Equal(0, _store.Failures);
    }

    [Fact]
    public async Task TurnsThatNobodyWaitsFor_AreStoredWithinASecond()
    {
        RoomWriting room = await OpenAsync("one", KrmxDurability.Relaxed);

        Write(room, 1);
        Write(room, 2);
        Assert.Equal(0, _store.Commits);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Until(() => room.Stored == 2);
        Assert.Equal(1, _store.Commits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    public void EnvelopeOfWhichABitHasChanged_IsRefused(int index)
    {
        var room = new RoomKey("/rooms/{room}", "one");
        byte[] bytes = TurnEnvelope.Close(room, 7, TurnKind.Confirmed, "[[\"joined\",\"bob\"]]"u8);
        Assert.Equal("""[["joined","bob"]]""", Encoding.UTF8.GetString(TurnEnvelope.Open(room, new StoredTurn(7, bytes)).Content.Span));

        // The lowest bit of the version makes it an older one, which there never was.
        bytes[index] ^= 1;

        KrmxException error = Assert.Throws<KrmxException>(() => TurnEnvelope.Open(room, new StoredTurn(7, bytes)));
        Assert.Contains("/rooms/{room} one", error.Message);
        Assert.Contains("turn 7 is damaged", error.Message);
    }

    [Fact]
    public void EnvelopeThatBelongsElsewhere_IsRefused()
    {
        var room = new RoomKey("/rooms/{room}", "one");
        byte[] bytes = TurnEnvelope.Close(room, 7, TurnKind.Confirmed, "[]"u8);

        Assert.Throws<KrmxException>(() => TurnEnvelope.Open(room, new StoredTurn(8, bytes)));
        Assert.Throws<KrmxException>(() => TurnEnvelope.Open(room with { Name = "two" }, new StoredTurn(7, bytes)));
        Assert.Throws<KrmxException>(() => TurnEnvelope.Open(room, new StoredTurn(7, bytes.AsMemory(0, 5))));
    }

    private async Task<RoomWriting> OpenAsync(string name, KrmxDurability durability = KrmxDurability.Confirmed)
    {
        var key = new RoomKey("/rooms/{room}", name);
        StoredRoom stored = await _store.OpenAsync(key, _time.GetUtcNow());
        return new RoomWriting(key, stored.Epoch, stored.LastTurn, new KrmxStorageOptions { Durability = durability }, _writer);
    }

    private static void Write(RoomWriting room, long number) => room.Write(number, TurnKind.Confirmed, "[]"u8.ToArray(), alarm: null);

    /// <summary>Waits, and lets the time pass in which the writer does.</summary>
    private Task Until(Func<bool> condition) => Patience.Until(
        () =>
        {
            if (condition())
                return true;
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        "what is to be stored is stored, or given up");

    /// <summary>A store that fails when it is told to, before or after it has done what it was to do.</summary>
    private sealed class UnreliableStore() : DelegatingStore(new MemoryRoomStore())
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isHeld;
        private int _commits;
        private int _failures;

        public Func<UnreliableStore, IReadOnlyList<RoomCommit>, bool> Fail { get; set; } = static (_, _) => false;

        public bool FailsAfterwards { get; set; }

        public int Commits => Volatile.Read(ref _commits);

        public int Failures => Volatile.Read(ref _failures);

        public void Hold() => _isHeld = true;

        public void Release() => _released.SetResult();

        public override async Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default)
        {
            if (_isHeld)
                await _released.Task;
            bool fails = Fail(this, commits);
            if (!fails || FailsAfterwards)
                await base.CommitAsync(commits, cancellationToken);
            if (fails)
            {
                Interlocked.Increment(ref _failures);
                throw new IOException("the disk is away");
            }
            Interlocked.Increment(ref _commits);
        }
    }
}
