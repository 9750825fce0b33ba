using Krmx.Testing;

namespace Krmx.Tests.Testing;

/// <summary>Alarms of a room in memory: on virtual time, by the time of day, with async listeners and handlers.</summary>
public sealed class AlarmTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void Alarm_RingsWhenVirtualTimeHasPassed()
    {
        TestRoom room = Open();
        room.Room.SetAlarm("a", TimeSpan.FromSeconds(10));

        room.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(_log);
        room.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["a at 10"], _log);
    }

    [Fact]
    public void Clock_TicksEachSecondHoweverTimePasses()
    {
        TestRoom room = Open();
        room.Room.OnAlarm("tick", () => room.Room.SetAlarm("tick", TimeSpan.FromSeconds(1)));
        room.Room.SetAlarm("tick", TimeSpan.FromSeconds(1));

        room.Advance(TimeSpan.FromSeconds(3.5));
        room.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(["tick at 1", "tick at 2", "tick at 3", "tick at 4"], _log);
    }

    [Fact]
    public void Alarm_OfATimeOfDayRingsThen()
    {
        TestRoom room = Open();
        room.Advance(TimeSpan.FromSeconds(2));
        DateTimeOffset now = room.Time.GetUtcNow();
        room.Room.SetAlarm("later", now.AddSeconds(3).ToOffset(TimeSpan.FromHours(2)));
        room.Room.SetAlarm("over", now.AddDays(-1));

        room.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["over at 2", "later at 5"], _log);
    }

    [Fact]
    public void Alarm_OfATimeOfDayTooFarAheadIsRefused()
    {
        TestRoom room = Open();

        Assert.Throws<ArgumentOutOfRangeException>(() => room.Room.SetAlarm("a", DateTimeOffset.MaxValue));
        room.Room.SetAlarm("a", DateTimeOffset.MinValue);

        Assert.Equal(TimeSpan.Zero, room.Room.FindAlarm("a")?.TimeLeft);
    }

    [Fact]
    public void Alarm_OfTheOpenListenerWaitsUntilTheRoomIsOpen()
    {
        var room = new TestRoom();
        room.Room.OnAlarm(name => Log(room, name));
        room.Room.OnOpen(async () =>
        {
            room.Room.SetAlarm("a", TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromSeconds(5), room.Time);
        });
        room.Open();

        room.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["a at 5"], _log);
    }

    [Fact]
    public void Alarm_SetWhileTheRoomIsSetUpIsRefused() =>
        Assert.Throws<KrmxException>(() => new TestRoom(room => room.SetAlarm("a", TimeSpan.FromSeconds(1))));

    [Fact]
    public void AsyncListeners_GoOnInTheRoomsTurnsAndTheirFailuresAreReported()
    {
        TestRoom room = Open();
        room.Room.OnAlarm("a", async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), room.Time);
            room.Room.Join("bob");
        });
        room.Room.OnAlarm(async name =>
        {
            await Task.Yield();
            throw new InvalidOperationException($"{name} failed");
        });
        room.Room.SetAlarm("a", TimeSpan.FromSeconds(1));

        room.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a failed", Assert.Single(room.Failures).Message);
        Assert.False(room.Room.HasUser("bob"));
        room.Advance(TimeSpan.FromSeconds(1));

        Assert.True(room.Room.HasUser("bob"));
    }

    [Fact]
    public void Handler_HearsAlarms()
    {
        TestRoom room = TestRoom.For<TickingHandler>().Open();
        TestClient ann = room.Link("ann");

        room.Advance(TimeSpan.FromSeconds(2));
        room.Deliver();

        Assert.Equal(2, ann.Received.Count(static frame => frame == """{"type":"ticked"}"""));
    }

    [Fact]
    public void Close_LeavesNoAlarmBehind()
    {
        TestRoom room = Open();
        room.Room.SetAlarm("a", TimeSpan.FromSeconds(1));

        room.Close();
        room.Advance(TimeSpan.FromSeconds(10));

        Assert.True(room.IsClosed);
        Assert.Empty(_log);
    }

    private TestRoom Open()
    {
        TestRoom room = new TestRoom().Open();
        room.Room.OnAlarm(name => Log(room, name));
        return room;
    }

    private void Log(TestRoom room, string name) => _log.Add($"{name} at {room.Now.TotalSeconds}");

    private sealed class TickingHandler : KrmxHandler
    {
        protected override Task OnOpenAsync()
        {
            Room.SetAlarm("tick", TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        }

        protected override Task OnAlarmAsync(string name)
        {
            Room.SetAlarm(name, TimeSpan.FromSeconds(1));
            Room.Broadcast("ticked");
            return Task.CompletedTask;
        }
    }
}
