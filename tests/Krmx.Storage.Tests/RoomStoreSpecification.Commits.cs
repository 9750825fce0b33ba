namespace Krmx.Storage.Tests;

public abstract partial class RoomStoreSpecification
{
    [Fact]
    public async Task Open_NewRoomIsEmptyAndNotAtRest()
    {
        await AssertStoredAsync("a", 0, null);

        RoomSummary room = (await FindAsync("a"))!;
        Assert.Equal(Key("a"), room.Room);
        Assert.False(room.IsAtRest);
        Assert.Equal(Now, room.LastStored);
        Assert.Null(room.Alarm);
        Assert.Equal(0, room.Bytes);
    }

    [Fact]
    public async Task Open_BeginsAHigherEpochAndReadsTheTurns()
    {
        long epoch = await OpenWithAsync("a", 3);
        await OpenWithAsync("b", 2);

        long next = await AssertStoredAsync("a", 3, null, Turns(1, 3));
        Assert.True(next > epoch);
        await OpenAsync("b");
        long last = await AssertStoredAsync("a", 3, null, Turns(1, 3));
        Assert.True(last > next);
        await StoreAsync(Commit(Key("a"), last, Turn(4)));
        await AssertStoredAsync("a", 4, null, Turns(1, 4));
    }

    [Fact]
    public async Task Open_ChangesNothingButTheEpochAndTheRest()
    {
        await RestAsync("a", alarm: At(10), time: At(-5));
        await Store.OpenAsync(Key("a"), At(50));

        RoomSummary room = (await FindAsync("a"))!;
        Assert.False(room.IsAtRest);
        Assert.Equal(At(10), room.Alarm);
        Assert.Equal(At(-5), room.LastStored);
    }

    [Fact]
    public async Task Commit_KeepsEveryByte()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        byte[] all = [.. Enumerable.Range(0, 256).Select(static value => (byte)value)];
        // A part of a larger memory, as what is encoded stands in.
        StoredTurn[] turns = [new(1, all), new(2, ReadOnlyMemory<byte>.Empty), new(3, all.AsMemory(100, 7)), new(4, new byte[1]), new(5, new byte[70_000])];
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = turns, Snapshot = new(2, ReadOnlyMemory<byte>.Empty), KeepsHistory = true, Time = Now });

        await AssertStoredAsync("a", 5, new(2, ReadOnlyMemory<byte>.Empty), turns[2..]);
        AssertSame(turns, await Store.ReadTurnsAsync(Key("a"), 0, 10));
    }

    [Fact]
    public async Task Commit_OfSeveralRoomsIsEachRoomsOwn()
    {
        (long a, long b) = ((await OpenAsync("a")).Epoch, (await OpenAsync("b")).Epoch);
        await StoreAsync(
            new RoomCommit { Room = Key("b"), Epoch = b, Turns = [Turn(1, "b")], Alarm = At(2), Time = At(1) },
            new RoomCommit { Room = Key("a"), Epoch = a, Turns = [Turn(1, "a"), Turn(2, "a")], IsAtRest = true, Time = At(3) });

        (RoomSummary first, RoomSummary second) = ((await FindAsync("a"))!, (await FindAsync("b"))!);
        Assert.Equal((true, null, At(3)), (first.IsAtRest, first.Alarm, first.LastStored));
        Assert.Equal((false, At(2), At(1)), (second.IsAtRest, second.Alarm!.Value, second.LastStored));
        await AssertStoredAsync("a", 2, null, Turn(1, "a"), Turn(2, "a"));
        await AssertStoredAsync("b", 1, null, Turn(1, "b"));
    }

    [Fact]
    public async Task Commit_SaysWhetherTheRoomRests()
    {
        long epoch = await RestAsync("a");
        Assert.True((await FindAsync("a"))!.IsAtRest);

        await StoreAsync(Commit(Key("a"), epoch, Turn(1)));
        Assert.False((await FindAsync("a"))!.IsAtRest);
    }

    [Fact]
    public async Task Commit_NothingIsNothing() => await Store.CommitAsync([]);

    [Fact]
    public async Task Commit_ManyRoomsWithManyTurns()
    {
        List<RoomCommit> commits = [];
        for (int i = 0; i < 300; i++)
            commits.Add(Commit(Key($"{i}"), (await OpenAsync($"{i}")).Epoch, Turns(1, 10)));
        await StoreAsync([.. commits]);

        await AssertStoredAsync("0", 10, null, Turns(1, 10));
        await AssertStoredAsync("299", 10, null, Turns(1, 10));
    }

    [Fact]
    public async Task Snapshot_TakesThePlaceOfTheTurnsUpToIt()
    {
        long epoch = await OpenWithAsync("a", 5);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = Turns(6, 9), Snapshot = Turn(7, "all"), Time = Now });

        AssertSame(Turns(8, 9), await Store.ReadTurnsAsync(Key("a"), 0, 100));
        await AssertStoredAsync("a", 9, Turn(7, "all"), Turns(8, 9));
    }

    [Fact]
    public async Task Snapshot_OfATurnBeforeLeavesThoseBehindIt()
    {
        long epoch = await OpenWithAsync("a", 5);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = Turns(6, 7), Snapshot = Turn(3, "all"), Time = Now });

        await AssertStoredAsync("a", 7, Turn(3, "all"), Turns(4, 7));
        AssertSame(Turns(4, 7), await Store.ReadTurnsAsync(Key("a"), 0, 100));
    }

    [Fact]
    public async Task Snapshot_ByItselfIsStored()
    {
        long epoch = await OpenWithAsync("a", 2);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(2, "first"), Time = Now });
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(2, "second"), Time = Now });

        epoch = await AssertStoredAsync("a", 2, Turn(2, "second"));
        await StoreAsync(Commit(Key("a"), epoch, Turn(3)));
        await AssertStoredAsync("a", 3, Turn(2, "second"), Turn(3));
    }

    [Fact]
    public async Task Snapshot_OfANewRoomIsThatOfNoTurn()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(0, "empty"), Time = Now });

        await AssertStoredAsync("a", 0, Turn(0, "empty"));
    }

    [Fact]
    public async Task Snapshot_WithHistoryLeavesTheTurns()
    {
        long epoch = await OpenWithAsync("a", 3);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = Turns(4, 6), Snapshot = Turn(5, "all"), KeepsHistory = true, Time = Now });

        epoch = await AssertStoredAsync("a", 6, Turn(5, "all"), Turn(6));
        AssertSame(Turns(1, 6), await Store.ReadTurnsAsync(Key("a"), 0, 100));

        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(4, "older"), Time = Now });
        AssertSame(Turns(1, 6), await Store.ReadTurnsAsync(Key("a"), 0, 100));
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(6, "last"), Time = Now });
        Assert.Empty(await Store.ReadTurnsAsync(Key("a"), 0, 100));
        await AssertStoredAsync("a", 6, Turn(6, "last"));
    }

    [Fact]
    public async Task Snapshot_OlderThanTheOneThatIsThereIsNone()
    {
        long epoch = await OpenWithAsync("a", 5);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(4, "newer"), Time = Now });
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Snapshot = Turn(3, "older"), Time = At(1) });

        await AssertStoredAsync("a", 5, Turn(4, "newer"), Turn(5));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public async Task Snapshot_OfATurnThatIsNotThereIsRefused(int number)
    {
        long epoch = await OpenWithAsync("a", 2);
        RoomCommit commit = new() { Room = Key("a"), Epoch = epoch, Turns = [Turn(3)], Snapshot = Turn(number), Time = Now };

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync([commit]));
        await AssertStoredAsync("a", 2, null, Turns(1, 2));
    }

    [Fact]
    public async Task Fenced_AnOlderEpochStoresNothing()
    {
        long old = await OpenWithAsync("a", 2);
        long epoch = (await OpenAsync("a")).Epoch;
        RoomCommit late = new() { Room = Key("a"), Epoch = old, Turns = [Turn(3)], Snapshot = Turn(3), Alarm = At(1), IsAtRest = true, Time = At(5) };
        await Store.CommitAsync([late]);

        Assert.True(late.IsFenced);
        RoomSummary room = (await FindAsync("a"))!;
        Assert.Equal((false, null, Now), (room.IsAtRest, room.Alarm, room.LastStored));
        await StoreAsync(Commit(Key("a"), epoch, Turn(3, "new")));
        await AssertStoredAsync("a", 3, null, Turn(1), Turn(2), Turn(3, "new"));
    }

    [Fact]
    public async Task Fenced_AnOlderEpochThatRepeatsIsFencedAsWell()
    {
        long old = await OpenWithAsync("a", 2);
        await OpenAsync("a");
        RoomCommit repeated = Commit(Key("a"), old, Turns(1, 2));
        await Store.CommitAsync([repeated]);

        Assert.True(repeated.IsFenced);
    }

    [Fact]
    public async Task Fenced_WithoutTurnsAsWell()
    {
        long old = await OpenWithAsync("a", 2);
        await OpenAsync("a");
        RoomCommit rest = new() { Room = Key("a"), Epoch = old, IsAtRest = true, Time = At(1) };
        await Store.CommitAsync([rest]);

        Assert.True(rest.IsFenced);
        Assert.False((await FindAsync("a"))!.IsAtRest);
    }

    [Fact]
    public async Task Fenced_AHigherEpochThanThereWasIsFencedAsWell()
    {
        long epoch = await OpenWithAsync("a", 1);
        RoomCommit commit = Commit(Key("a"), epoch + 1, Turn(2));
        await Store.CommitAsync([commit]);

        Assert.True(commit.IsFenced);
        await AssertStoredAsync("a", 1, null, Turn(1));
    }

    [Fact]
    public async Task Fenced_ARoomThatWasNeverOpenedIsNotMade()
    {
        RoomCommit commit = Commit(Key("a"), 1, Turn(1));
        await Store.CommitAsync([commit]);

        Assert.True(commit.IsFenced);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task Fenced_ARoomThatWasDeletedAndMadeAnewHasNoneOfItsEpochs()
    {
        long old = await OpenWithAsync("a", 2);
        Assert.True(await Store.DeleteAsync(Key("a")));
        RoomCommit late = Commit(Key("a"), old, Turn(3));
        await Store.CommitAsync([late]);
        Assert.True(late.IsFenced);
        Assert.Empty(await NamesAsync());

        long epoch = await AssertStoredAsync("a", 0, null);
        Assert.True(epoch > old);
        late = Commit(Key("a"), old, Turn(1));
        await Store.CommitAsync([late]);
        Assert.True(late.IsFenced);
        await AssertStoredAsync("a", 0, null);
    }

    [Fact]
    public async Task Fenced_OneAmongAHundredChangesNothingForTheOthers()
    {
        List<RoomCommit> commits = [];
        for (int i = 0; i < 100; i++)
            commits.Add(new RoomCommit { Room = Key($"{i}"), Epoch = (await OpenAsync($"{i}")).Epoch, Turns = Turns(1, 2), Snapshot = i % 3 == 0 ? Turn(1) : null, Time = Now });
        await OpenAsync("57");
        await Store.CommitAsync(commits);

        Assert.Equal(Key("57"), Assert.Single(commits, static commit => commit.IsFenced).Room);
        await AssertStoredAsync("57", 0, null);
        for (int i = 0; i < 100; i++)
        {
            if (i != 57)
                await AssertStoredAsync($"{i}", 2, i % 3 == 0 ? Turn(1) : null, i % 3 == 0 ? [Turn(2)] : Turns(1, 2));
        }
    }

    [Fact]
    public async Task Fenced_IsTakenBackWhereACommitIsNotFencedAnyMore()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        RoomCommit commit = Commit(Key("a"), epoch, Turn(1));
        commit.IsFenced = true;
        await StoreAsync(commit);

        commit.IsFenced = true;
        await StoreAsync(commit);
    }

    [Fact]
    public async Task Repeated_ChangesNothingMore()
    {
        long epoch = (await OpenAsync("a")).Epoch;
        RoomCommit commit = new() { Room = Key("a"), Epoch = epoch, Turns = Turns(1, 3), Snapshot = Turn(2), Alarm = At(1), Time = Now };
        await StoreAsync(commit);
        await StoreAsync(commit);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [Turn(4)], Alarm = At(2), Time = At(4) });
        await StoreAsync(commit);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [Turn(4, "other")], Snapshot = Turn(4), IsAtRest = true, Time = At(9) });

        RoomSummary room = (await FindAsync("a"))!;
        Assert.Equal((false, At(2), At(4)), (room.IsAtRest, room.Alarm!.Value, room.LastStored));
        await AssertStoredAsync("a", 4, Turn(2), Turns(3, 4));
    }

    [Fact]
    public async Task Repeated_AmongOthersChangesNothingForThem()
    {
        (long a, long b) = (await OpenWithAsync("a", 2), await OpenWithAsync("b", 2));
        await StoreAsync(Commit(Key("a"), a, Turns(1, 2)), Commit(Key("b"), b, Turn(3)));

        await AssertStoredAsync("a", 2, null, Turns(1, 2));
        await AssertStoredAsync("b", 3, null, Turns(1, 3));
    }

    [Fact]
    public async Task Refused_TurnsThatAnEarlierEpochStoredAreNoRepetition()
    {
        await OpenWithAsync("a", 3);
        long epoch = (await OpenAsync("a")).Epoch;

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync([Commit(Key("a"), epoch, Turn(3))]));
        await StoreAsync(Commit(Key("a"), epoch, Turn(4)));
        await StoreAsync(Commit(Key("a"), epoch, Turn(4)));
        await AssertStoredAsync("a", 4, null, Turns(1, 4));
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(0, 0)]
    public async Task Refused_TurnsThatDoNotFollowStoreNothingAndTheOthersAreStored(int first, int second)
    {
        (long a, long b) = (await OpenWithAsync("a", 2), await OpenWithAsync("b", 2));
        RoomCommit refused = new()
        {
            Room = Key("a"),
            Epoch = a,
            Turns = first == second ? [Turn(first)] : [Turn(first), Turn(second)],
            Alarm = At(1),
            IsAtRest = true,
            Time = At(5),
        };

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync([refused, Commit(Key("b"), b, Turn(3))]));

        Assert.Contains(Key("a").ToString(), error.Message, StringComparison.Ordinal);
        RoomSummary room = (await FindAsync("a"))!;
        Assert.Equal((false, null, Now), (room.IsAtRest, room.Alarm, room.LastStored));
        await AssertStoredAsync("a", 2, null, Turns(1, 2));
        await AssertStoredAsync("b", 3, null, Turns(1, 3));
    }

    [Fact]
    public async Task Refused_TwoCommitsForOneRoomStoreNothing()
    {
        long epoch = (await OpenAsync("a")).Epoch;

        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync([Commit(Key("a"), epoch, Turn(1)), Commit(Key("a"), epoch, Turn(2))]));
        await AssertStoredAsync("a", 0, null);
    }

    [Fact]
    public async Task ReadTurns_GivesThemInPages()
    {
        await OpenWithAsync("a", 9);
        await OpenWithAsync("b", 2);

        AssertSame(Turns(1, 4), await Store.ReadTurnsAsync(Key("a"), 0, 4));
        AssertSame(Turns(5, 8), await Store.ReadTurnsAsync(Key("a"), 4, 4));
        AssertSame(Turns(9, 9), await Store.ReadTurnsAsync(Key("a"), 8, 4));
        Assert.Empty(await Store.ReadTurnsAsync(Key("a"), 9, 4));
        Assert.Empty(await Store.ReadTurnsAsync(Key("a"), 0, 0));
        Assert.Empty(await Store.ReadTurnsAsync(Key("c"), 0, 4));
        Assert.Equal(["a", "b"], await NamesAsync());
    }

    [Fact]
    public async Task ReadTurns_DoesNotOpen()
    {
        long epoch = await OpenWithAsync("a", 1);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, IsAtRest = true, Time = Now });
        await Store.ReadTurnsAsync(Key("a"), 0, 4);

        Assert.True((await FindAsync("a"))!.IsAtRest);
        await StoreAsync(Commit(Key("a"), epoch, Turn(2)));
    }

    [Fact]
    public async Task Stored_StaysForTheNextStore()
    {
        long epoch = await OpenWithAsync("a", 3);
        await StoreAsync(new RoomCommit { Room = Key("a"), Epoch = epoch, Turns = [Turn(4)], Snapshot = Turn(2), Alarm = At(7), Time = At(1) });
        long last = (await OpenAsync("b")).Epoch;
        await Store.DeleteAsync(Key("b"));
        Store = await ReopenAsync(Store);

        Assert.True((await OpenAsync("b")).Epoch > last);
        Assert.Equal(At(7), await Store.NextAlarmAsync(Route));
        await StoreAsync(Commit(Key("a"), epoch, Turn(5)));
        await AssertStoredAsync("a", 5, Turn(2), Turns(3, 5));
    }
}
