namespace Krmx.Tests.Server;

/// <summary>Alarms: when they ring, in which order, and what listeners do to them meanwhile.</summary>
public sealed class AlarmTests
{
    private readonly RecordedServer _server = new();
    private TimeSpan _now;

    private KrmxRoomCore Room => _server.Server;

    [Fact]
    public void Alarm_RingsOnceWhenItsTimeHasCome()
    {
        Pass(3);
        Set("a", 5);
        Assert.Equal(TimeSpan.FromSeconds(8), _server.Input.NextDue);

        Assert.Empty(Pass(4));
        Assert.Equal(["alarm a"], Pass(1));
        Assert.Null(_server.Input.NextDue);
        Assert.Empty(Pass(100));
    }

    [Fact]
    public void Alarm_OfZeroRingsAtTheNextLookAtTheClock()
    {
        Set("a", 0);

        Assert.Empty(_server.Take());
        Assert.Equal(_now, _server.Input.NextDue);
        Assert.Equal(["alarm a"], Pass(0));
    }

    [Fact]
    public void SetAlarm_OfTheSameNameMovesIt()
    {
        Set("later", 1);
        Set("later", 3);
        Set("earlier", 9);
        Set("earlier", 2);

        Assert.Empty(Pass(1));
        Assert.Equal(["alarm earlier"], Pass(1));
        Assert.Equal(["alarm later"], Pass(1));
        Assert.Empty(Pass(100));
    }

    [Fact]
    public void Alarms_RingInTheOrderTheyAreDueAndThoseOfOneTimeInTheOrderTheyWereSet()
    {
        Set("c", 2);
        Set("moved", 3);
        Set("b", 3);
        Set("a", 3);
        Set("d", 1);
        Set("moved", 3);

        Assert.Equal(["d", "c", "b", "a", "moved"], Room.Alarms.Select(static alarm => alarm.Name));
        Assert.Equal(["alarm d", "alarm c", "alarm b", "alarm a", "alarm moved"], Pass(3));
    }

    [Fact]
    public void CancelAlarm_TellsWhetherThereWasOne()
    {
        Set("a", 1);
        Set("A", 1);

        Assert.True(Room.CancelAlarm("a"));
        Assert.False(Room.CancelAlarm("a"));
        Assert.False(Room.CancelAlarm("b"));
        Assert.Equal(["alarm A"], Pass(1));
    }

    [Fact]
    public void Listener_OfAnEarlierAlarmCancelsAndMovesThoseAfterIt()
    {
        Set("first", 1);
        Set("cancelled", 1);
        Set("moved", 1);
        Set("last", 1);
        Room.OnAlarm("first", () =>
        {
            Assert.True(Room.CancelAlarm("cancelled"));
            Set("moved", 0);
        });

        Assert.Equal(["alarm first", "alarm last"], Pass(5));
        Assert.Equal(["alarm moved"], Pass(0));
    }

    [Fact]
    public void Listener_SetsItsOwnAlarmAgain()
    {
        Room.OnAlarm("tick", () =>
        {
            Assert.False(Room.CancelAlarm("tick"));
            Set("tick", 1);
        });
        Set("tick", 1);

        for (int second = 0; second < 5; second++)
            Assert.Equal(["alarm tick"], Pass(1));

        // Ticks that were missed are not made up for: the next one is a second from now.
        Assert.Equal(["alarm tick"], Pass(10));
        Assert.Equal(_now + TimeSpan.FromSeconds(1), _server.Input.NextDue);
    }

    [Fact]
    public void Listener_ThatSetsItsAlarmForAtOnceDoesNotGoRoundInOneLookAtTheClock()
    {
        Room.OnAlarm("spin", () => Set("spin", 0));
        Set("spin", 0);

        Assert.Equal(["alarm spin"], Pass(0));
        Assert.Equal(["alarm spin"], Pass(1));
    }

    [Fact]
    public void Events_OfAnAlarmsListenerComeBeforeTheNextAlarm()
    {
        Set("a", 1);
        Set("b", 1);
        Room.OnAlarm("a", () => Room.Join("bob"));
        Room.OnJoin(_ => Room.CancelAlarm("c"));
        Set("c", 1);

        Assert.Equal(["alarm a", "join bob", "alarm b"], Pass(1));
    }

    [Fact]
    public void Listeners_HearTheirNameInTheOrderTheyCameAndAThrowingOneDisturbsNobody()
    {
        Room.OnAlarm("a", () => throw new InvalidOperationException("not today"));
        IDisposable ended = Room.OnAlarm("a", () => _server.Add("ended"));
        Room.OnAlarm("b", () => _server.Add("of b"));
        Room.OnAlarm(name => _server.Add($"of all, {name}"));
        ended.Dispose();
        Set("a", 1);
        Set("b", 1);

        Assert.Equal(["alarm a", "failed alarm not today", "of all, a", "alarm b", "of b", "of all, b"], Pass(1));
    }

    [Fact]
    public void FindAlarm_TellsTheTimeThatIsLeft()
    {
        Set("a", 10);
        Pass(4);
        Set("b", 0);

        Assert.Equal(TimeSpan.FromSeconds(6), Room.FindAlarm("a")?.TimeLeft);
        Assert.Equal(TimeSpan.Zero, Room.FindAlarm("b")?.TimeLeft);
        Assert.Null(Room.FindAlarm("c"));
        Assert.Equal(["b (in 00:00:00)", "a (in 00:00:06)"], Room.Alarms.Select(static alarm => alarm.ToString()));
    }

    [Fact]
    public void Alarm_OfARoomThatOpensRingsWhenItIsOpen()
    {
        var server = new RecordedServer(isOpen: false);
        server.Server.OnOpen(() => server.Server.SetAlarm("a", TimeSpan.FromSeconds(1)));
        server.Input.Open();
        server.Input.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["open"], server.Take());
        Assert.Null(server.Input.NextDue);

        server.Input.Opened();
        Assert.Equal(TimeSpan.FromSeconds(1), server.Input.NextDue);
        server.Input.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["alarm a"], server.Take());
    }

    [Fact]
    public void SetAlarm_OfARoomThatIsSetUpIsRefused()
    {
        var server = new RecordedServer(isOpen: false);

        KrmxException refusal = Assert.Throws<KrmxException>(() => server.Server.SetAlarm("a", TimeSpan.Zero));

        Assert.Equal("cannot set an alarm: the room is initializing", refusal.Message);
    }

    [Fact]
    public void Close_DropsAlarmsAndTakesNone()
    {
        _server.Open(1);
        _server.Link(1, "bob");
        Set("a", 1);
        string? refusal = null;
        Room.OnLeave(user =>
        {
            Assert.False(Room.CancelAlarm("a"));
            refusal = Assert.Throws<KrmxException>(() => Set("b", 1)).Message;
        });
        _server.Take();

        _server.Input.Close();
        _server.Close(1);
        Pass(5);

        Assert.Equal("cannot set an alarm: the room is closing", refusal);
        Assert.Equal(RoomStatus.Closed, Room.Status);
        Assert.Empty(Room.Alarms);
        Assert.Null(_server.Input.NextDue);
        Assert.Equal("cannot set an alarm: the room is closed", Assert.Throws<KrmxException>(() => Set("b", 1)).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData((3650 * TimeSpan.TicksPerDay) + 1)]
    public void SetAlarm_OfATimeOutOfItsRangeIsRefused(long ticks)
    {
        Set("a", 1);

        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => Room.SetAlarm("a", new TimeSpan(ticks)));

        Assert.Equal("due", refusal.ParamName);
        Assert.Equal(TimeSpan.FromSeconds(1), Room.FindAlarm("a")?.TimeLeft);
    }

    [Fact]
    public void SetAlarm_OfANameThatIsNoneIsRefused()
    {
        foreach (string? name in new[] { null, "", "\ud800" })
            Assert.Equal($"cannot set an alarm: '{name}' is no name for one", Assert.Throws<KrmxException>(() => Set(name!, 1)).Message);
        Assert.Empty(Room.Alarms);
    }

    [Fact]
    public void SetAlarm_OfOneTooManyIsRefusedAndThoseThereAreMayMove()
    {
        for (int i = 0; i < 1000; i++)
            Set($"{i}", 1);

        Assert.Equal("cannot set an alarm: there are 1000 already", Assert.Throws<KrmxException>(() => Set("one more", 1)).Message);
        Set("7", 2);
        Room.CancelAlarm("8");
        Set("one more", 1);

        Assert.Equal(999, Pass(1).Length);
        Assert.Equal(["alarm 7"], Pass(1));
    }

    /// <summary>What is moved has one place only, in the order as by name.</summary>
    [Fact]
    public void Alarms_ThatAreMovedLeaveNothingBehind()
    {
        for (int i = 0; i < 100_000; i++)
            Set($"{i % 1000}", 1_000_000 - i);

        Assert.Equal(1000, Room.Alarms.Count);
        Assert.Equal(1000, Pass(1_000_000).Length);
    }

    private void Set(string name, double seconds) => Room.SetAlarm(name, TimeSpan.FromSeconds(seconds));

    /// <returns>What happened meanwhile.</returns>
    private string[] Pass(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        _server.Give(input => input.Advance(_now));
        return _server.Take();
    }
}
