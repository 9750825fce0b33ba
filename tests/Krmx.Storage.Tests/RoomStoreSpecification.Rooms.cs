namespace Krmx.Storage.Tests;

public abstract partial class RoomStoreSpecification
{
    /// <summary>Names that a careless store changes, takes for another one, or for a part of its language.</summary>
    private static readonly string[] Names =
    [
        "", " ", "a", "A", "a ", " a", "ä", "a\u0308", "é", "e\u0301", "ss", "ß", "İ", "i", "%", "_", "a%", "'", "''", "\"", "\\", "\\'", "; DROP TABLE rooms; --", "$1", "?", ":a",
        "null", "\n", "\t", "\r\n", "\u200b", "\uFEFF", "\u202E", "😀", "👩‍👩‍👧", "\uFF21", "\uE000", "\U0010FFFF", "\u0001", "{room}", "/", "../x", "日本語",
    ];

    [Fact]
    public async Task Names_AreKeptAndDistinguishedAndOrderedByTheirBytes()
    {
        foreach (string name in Names)
            await StoreAsync(Commit(Key(name), (await OpenAsync(name)).Epoch, Turn(1, name)));
        foreach (string name in Names)
            await AssertStoredAsync(name, 1, null, Turn(1, name));

        string[] ordered = [.. Names.OrderBy(static name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal)];
        Assert.Equal(ordered, await NamesAsync());
        for (int i = 0; i < ordered.Length; i++)
            Assert.Equal(ordered[(i + 1)..], (await Store.ListAsync(Route, ordered[i], 100)).Select(static room => room.Room.Name));
    }

    [Fact]
    public async Task Names_MayHaveAThousandBytes()
    {
        // No two characters alike in a row: no compression makes place for what an index has none for.
        string longest = string.Concat(Enumerable.Range(0, RoomKey.MaxBytes).Select(static i => (char)('!' + (i * i * 31 + i * 7) % 90)));
        var room = new RoomKey(longest, longest[..^1]);
        RoomKey other = room with { Name = longest };
        await StoreAsync(Commit(room, (await Store.OpenAsync(room, Now)).Epoch, Turn(1)), Commit(other, (await Store.OpenAsync(other, Now)).Epoch, Turn(1, "other")));

        Assert.Equal([room, other], (await Store.ListAsync(longest, null, 10)).Select(static summary => summary.Room));
        AssertSame([Turn(1, "other")], await Store.ReadTurnsAsync(other, 0, 10));
        Assert.True(await Store.DeleteAsync(room));
    }

    [Fact]
    public async Task Names_ThatNoStoreKeepsAreRefused()
    {
        foreach (string refused in new[] { "a\0b", "a\uD83D", "\uDE00a", new string('ä', RoomKey.MaxBytes / 2) + "a" })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => OpenAsync(refused));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.OpenAsync(new RoomKey(refused, "a"), Now));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync([Commit(Key(refused), 1, Turn(1))]));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.DeleteAsync(Key(refused)));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadTurnsAsync(Key(refused), 0, 1));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListAsync(Route, refused, 1));
        }
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task Routes_HaveNothingInCommon()
    {
        var other = new RoomKey("/other", "a");
        long epoch = await OpenWithAsync("a", 2);
        long otherEpoch = (await Store.OpenAsync(other, Now)).Epoch;
        await StoreAsync(Commit(Key("a"), epoch, Turn(3)), new RoomCommit { Room = other, Epoch = otherEpoch, Turns = [Turn(1)], Alarm = At(1), IsAtRest = true, Time = At(-10) });

        Assert.Null(await Store.NextAlarmAsync(Route));
        Assert.Empty(await ClaimAsync(5));
        Assert.Equal(["a"], await NamesAsync());
        Assert.Equal(["a"], await NamesAsync("/other"));
        Assert.True(await Store.DeleteAsync(Key("a")));
        AssertSame([Turn(1)], await Store.ReadTurnsAsync(other, 0, 10));
    }

    [Fact]
    public async Task List_GivesTenThousandRoomsInPages()
    {
        string[] names = [.. Enumerable.Range(0, 10_000).Select(static i => $"{i:x}")];
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (name, _) => await OpenAsync(name));

        List<string> listed = [];
        while (true)
        {
            IReadOnlyList<RoomSummary> page = await Store.ListAsync(Route, listed.LastOrDefault(), 999);
            if (page.Count == 0)
                break;
            Assert.InRange(page.Count, 1, 999);
            listed.AddRange(page.Select(static room => room.Room.Name));
        }
        Assert.Equal(names.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task List_BeginsBehindANameThatIsNotThere()
    {
        foreach (string name in new[] { "a", "c", "d" })
            await OpenAsync(name);

        Assert.Equal(["c", "d"], (await Store.ListAsync(Route, "b", 9)).Select(static room => room.Room.Name));
        Assert.Equal(["c"], (await Store.ListAsync(Route, "a", 1)).Select(static room => room.Room.Name));
        Assert.Empty(await Store.ListAsync(Route, "d", 9));
        Assert.Empty(await Store.ListAsync(Route, null, 0));
        Assert.Empty(await Store.ListAsync("/none", null, 9));
    }

    [Fact]
    public async Task Bytes_AreThoseOfSnapshotAndTurns()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        await StoreAsync(Commit(Key("a"), epoch, new StoredTurn(1, new byte[100]), new StoredTurn(2, new byte[20])));
        Assert.Equal(120, (await FindAsync("a"))!.Bytes);

        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [new(3, new byte[7])], Snapshot = new(1, new byte[50]), KeepsHistory = true, Time = Now });
        Assert.Equal(177, (await FindAsync("a"))!.Bytes);

        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [new(4, new byte[3]), new(5, new byte[1])], Snapshot = new(4, new byte[40]), Time = Now });
        Assert.Equal(41, (await FindAsync("a"))!.Bytes);

        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = new(5, new byte[2]), IsAtRest = true, Time = Now });
        Assert.Equal(2, (await FindAsync("a"))!.Bytes);
    }

    [Fact]
    public async Task Snapshot_MayBeLarge()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        byte[] large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [new(1, large)], Snapshot = new(1, large), KeepsHistory = true, Time = Now });

        Assert.True((await OpenAsync("a")).Snapshot!.Value.Bytes.Span.SequenceEqual(large));
        Assert.True((await Store.ReadTurnsAsync(Key("a"), 0, 1))[0].Bytes.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task Delete_LeavesNothing()
    {
        long epoch = await OpenWithAsync("a", 3);
        await OpenWithAsync("b", 2);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(2), KeepsHistory = true, Alarm = At(1), Time = Now });

        Assert.True(await Store.DeleteAsync(Key("a")));
        Assert.False(await Store.DeleteAsync(Key("a")));
        Assert.Null(await Store.NextAlarmAsync(Route));
        Assert.Empty(await Store.ReadTurnsAsync(Key("a"), 0, 9));
        Assert.Equal(["b"], await NamesAsync());
        epoch = await AssertStoredAsync("a", 0, null);
        await StoreAsync(Commit(Key("a"), epoch, Turn(1, "anew")));
        await AssertStoredAsync("a", 1, null, Turn(1, "anew"));
        await AssertStoredAsync("b", 2, null, Turns(1, 2));
    }

    [Fact]
    public async Task Delete_ByAnEpochIsThatEpochsAlone()
    {
        long old = await OpenWithAsync("a", 1);
        long epoch = (await OpenAsync("a")).Epoch;

        Assert.False(await Store.DeleteAsync(Key("a"), old));
        AssertSame([Turn(1)], await Store.ReadTurnsAsync(Key("a"), 0, 9));
        Assert.True(await Store.DeleteAsync(Key("a"), epoch));
        Assert.False(await Store.DeleteAsync(Key("a"), epoch));
        Assert.False(await Store.DeleteAsync(Key("never"), 1));
    }

    [Fact]
    public async Task DeleteUnused_DeletesThoseAtRestWithoutAnAlarm()
    {
        await RestAsync("old", time: At(-20));
        await RestAsync("older", time: At(-30));
        await RestAsync("with an alarm", alarm: At(1000), time: At(-30));
        await RestAsync("just used", time: At(-10));
        await RestAsync("opened again", time: At(-30));
        await OpenAsync("opened again");
        await Store.OpenAsync(Key("never at rest"), At(-30));
        await RestAsync(new RoomKey("/other", "old"), time: At(-30));

        Assert.Equal(["older", "old"], await Store.DeleteUnusedAsync(Route, At(-10), 100));
        Assert.Empty(await Store.DeleteUnusedAsync(Route, At(-10), 100));
        Assert.Equal(["just used", "never at rest", "opened again", "with an alarm"], await NamesAsync());
        Assert.Equal(["old"], await NamesAsync("/other"));
    }

    [Fact]
    public async Task DeleteUnused_LeavesNothingOfThemAndTakesSoMany()
    {
        for (int i = 0; i < 5; i++)
        {
            long epoch = await OpenWithAsync($"{i}", 2);
            await StoreAsync(new RoomCommit { Room = Key($"{i}"), Epoch = epoch, Snapshot = Turn(1), IsAtRest = true, Time = At(-10 + i) });
        }

        Assert.Empty(await Store.DeleteUnusedAsync(Route, At(0), 0));
        Assert.Equal(["0", "1"], await Store.DeleteUnusedAsync(Route, At(0), 2));
        Assert.Empty(await Store.ReadTurnsAsync(Key("0"), 0, 9));
        await AssertStoredAsync("0", 0, null);
        await AssertStoredAsync("2", 2, Turn(1), Turn(2));
    }

    [Fact]
    public async Task Alarms_AreTheLastCommits()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        Assert.Null(await Store.NextAlarmAsync(Route));
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [Turn(1)], Alarm = At(9), Time = Now });
        await RestAsync("b", alarm: At(7));
        Assert.Equal(At(7), await Store.NextAlarmAsync(Route));

        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Alarm = At(3), Time = Now });
        Assert.Equal(At(3), await Store.NextAlarmAsync(Route));
        await StoreAsync(Commit(Key("a"), epoch, Turn(2)));
        Assert.Equal(At(7), await Store.NextAlarmAsync(Route));
    }

    [Fact]
    public async Task Times_AreKeptToTheTick()
    {
        DateTimeOffset time = new(Now.Ticks + 1_234_567, TimeSpan.Zero);
        await RestAsync("a", alarm: time.AddTicks(1).ToOffset(TimeSpan.FromHours(5)), time: time);

        Assert.Equal(time.AddTicks(1), await Store.NextAlarmAsync(Route));
        Assert.Equal((time, time.AddTicks(1)), ((await FindAsync("a"))!.LastStored, (await FindAsync("a"))!.Alarm!.Value));
        Assert.Empty(await Store.ClaimDueAsync(Route, time, time, At(100), 9));
        Assert.Equal(["a"], await Store.ClaimDueAsync(Route, time.AddTicks(1), time, At(100), 9));
        Assert.Equal(At(100), await Store.NextAlarmAsync(Route));
    }

    [Fact]
    public async Task Claim_GivesRoomsAtRestThatAreDueTheEarliestFirst()
    {
        await RestAsync("3", alarm: At(3));
        await RestAsync("1", alarm: At(1));
        await RestAsync("2", alarm: At(2));
        await RestAsync("4", alarm: At(4));
        await RestAsync("none");

        Assert.Empty(await ClaimAsync(0));
        Assert.Empty(await ClaimAsync(3, count: 0));
        Assert.Equal(["1", "2"], await ClaimAsync(3, count: 2));
        Assert.Equal(["3"], await ClaimAsync(3));
        Assert.Empty(await ClaimAsync(3));
        Assert.Equal(At(4), await Store.NextAlarmAsync(Route));
    }

    [Fact]
    public async Task Claim_IsPutOffAndGivenAgain()
    {
        long epoch = await RestAsync("a", alarm: At(1));

        Assert.Equal(["a"], await ClaimAsync(2, until: 30));
        Assert.Empty(await ClaimAsync(29));
        RoomSummary room = (await FindAsync("a"))!;
        Assert.Equal((true, At(30), Now), (room.IsAtRest, room.Alarm!.Value, room.LastStored));
        Assert.Equal(["a"], await ClaimAsync(30, until: 60));
        // Whoever closed it last may still say so once more, as it does not know whether that was stored.
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, IsAtRest = true, Time = Now });
        Assert.Empty(await ClaimAsync(1000));
    }

    [Fact]
    public async Task Claim_GivesOpenRoomsThatAreOverdue()
    {
        long epoch = (await OpenAsync("open")).Epoch;
        await StoreAsync(new RoomCommit { Room = Key("open"), Epoch = epoch, Alarm = At(5), Time = Now });
        await RestAsync("at rest", alarm: At(6));

        Assert.Equal(["at rest"], await ClaimAsync(20, overdue: 4));
        Assert.Equal(["open"], await ClaimAsync(20, overdue: 5, until: 90));
        Assert.False((await FindAsync("open"))!.IsAtRest);
        Assert.Equal(At(90), (await FindAsync("open"))!.Alarm);
        await StoreAsync(new RoomCommit { Room = Key("open"), Epoch = epoch, Turns = [Turn(1)], Time = Now });
    }

    [Fact]
    public async Task Claim_OfARoomThatWasOpenedSinceIsOver()
    {
        await RestAsync("a", alarm: At(1));
        await OpenAsync("a");

        Assert.Empty(await ClaimAsync(5));
        Assert.Equal(["a"], await ClaimAsync(5, overdue: 1));
    }

    [Fact]
    public async Task Claim_ByManyAtOnceGivesEachRoomToOne()
    {
        for (int i = 0; i < 100; i++)
            await RestAsync($"{i}", alarm: At(i % 7));
        IRoomStore[] stores = [Store, await JoinAsync()];

        // Each time all are due again.
        for (int now = 10; now < 1000; now += 100)
        {
            string[][] claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
            {
                List<string> names = [];
                while (names.Count <= 100 && await stores[caller % 2].ClaimDueAsync(Route, At(now), At(-10), At(now + 90), 7) is { Count: > 0 } some)
                    names.AddRange(some);
                return names.ToArray();
            })));
            // Those that somebody else was about to take may be left.
            string[] last = [.. await ClaimAsync(now, until: now + 90)];

            Assert.Equal(Enumerable.Range(0, 100), claimed.SelectMany(static names => names).Concat(last).Select(int.Parse).Order());
        }
    }

    [Fact]
    public async Task Open_ByManyAtOnceLeavesOneThatMayCommit()
    {
        IRoomStore[] stores = [Store, await JoinAsync()];
        StoredRoom[] opened = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(() => stores[caller % 2].OpenAsync(Key("a"), Now))));

        Assert.Equal(16, opened.Select(static room => room.Epoch).Distinct().Count());
        foreach (StoredRoom room in opened.OrderBy(static room => room.Epoch))
        {
            RoomCommit commit = Commit(Key("a"), room.Epoch, Turn(1));
            await Store.CommitAsync([commit]);
            Assert.Equal(room.Epoch != opened.Max(static other => other.Epoch), commit.IsFenced);
        }
    }

    /// <summary>Whatever an owner that has lost its room still stores, its successor has read; else one number would be given twice.</summary>
    [Fact]
    public async Task Open_WhileAnotherCommitsReadsItOrFencesIt()
    {
        IRoomStore other = await JoinAsync();
        for (int round = 0; round < 100; round++)
        {
            string name = $"{round}";
            long epoch = await OpenWithAsync(name, 1);
            RoomCommit late = new() { Room = Key(name), Epoch = epoch, Turns = Turns(2, 4), Snapshot = round % 2 == 0 ? Turn(3) : null, Time = Now };
            Task commit = Task.Run(() => Store.CommitAsync([late]));
            StoredRoom opened = await Task.Run(() => other.OpenAsync(Key(name), Now));
            await commit;

            Assert.Equal(late.IsFenced ? 1 : 4, opened.LastTurn);
            Assert.Equal(opened.LastTurn, (opened.Snapshot?.Number ?? 0) + opened.Turns.Count);
            await StoreAsync(Commit(Key(name), opened.Epoch, Turn(opened.LastTurn + 1)));
        }
    }

    [Fact]
    public async Task Delete_WhileAnotherCommitsLeavesNothing()
    {
        IRoomStore other = await JoinAsync();
        for (int round = 0; round < 50; round++)
        {
            string name = $"{round}";
            long epoch = await OpenWithAsync(name, 1);
            Task commit = Task.Run(() => Store.CommitAsync([new RoomCommit { Room = Key(name), Epoch = epoch, Turns = Turns(2, 4), Snapshot = Turn(2), Time = Now }]));
            Assert.True(await other.DeleteAsync(Key(name)));
            await commit;
            await AssertStoredAsync(name, 0, null);
        }
    }

    [Fact]
    public async Task Calls_OfManyAtOnceEndAndAreEachRoomsOwn()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            await OpenAsync($"{i}");
            await Store.ListAsync(Route, null, 10, cancellationToken);
            await Store.NextAlarmAsync(Route, cancellationToken);
            await Store.ReadTurnsAsync(Key($"{i}"), 0, 10, cancellationToken);
            if (i % 2 == 0)
                await Store.DeleteAsync(Key($"{i}"), null, cancellationToken);
        });

        Assert.Equal(20, (await NamesAsync()).Length);
    }

    [Fact]
    public async Task Counts_ThatAreNoneAreRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(Route, null, -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ReadTurnsAsync(Key("a"), 0, -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ClaimAsync(0, count: -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.DeleteUnusedAsync(Route, Now, -1));
    }
}
