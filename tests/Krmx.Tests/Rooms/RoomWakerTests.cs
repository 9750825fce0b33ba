using System.Diagnostics.Metrics;
using Krmx.Diagnostics;
using Krmx.Rooms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.Tests.Rooms;

/// <summary>Rooms are woken when something is due in them: always then, not more often than that, and never when they are no more.</summary>
public sealed class RoomWakerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Queue<IThreadPoolWorkItem> _due = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly KrmxRoom _room;
    private int _rings;

    public RoomWakerTests()
    {
        var environment = new RoomEnvironment(
            NullLogger.Instance, new RoomMetrics(_services.GetRequiredService<IMeterFactory>()), _time, _due.Enqueue);
        _room = new KrmxRoom("one", "one", new KrmxRoomOptions(), _services, environment);
        _room.OnAlarm(_ => _rings++);
        InTurn(() => _room.OpenInTurnAsync(new QuietGateway()));
        Assert.Equal(RoomStatus.Open, _room.Status);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Alarm_WakesTheRoom()
    {
        InTurn(() => _room.SetAlarm("a", TimeSpan.FromSeconds(5)));

        Assert.Equal((0, 0), Pass(TimeSpan.FromSeconds(4)));
        Assert.Equal((1, 1), Pass(TimeSpan.FromSeconds(1)));
        Assert.Equal((0, 0), Pass(TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void Alarm_ThatIsDueInTheMiddleOfATurnIsNotForgotten()
    {
        InTurn(() => _room.SetAlarm("a", TimeSpan.FromSeconds(5)));

        InTurn(() => _time.Advance(TimeSpan.FromSeconds(5)));

        Assert.Equal(1, _rings);
    }

    [Fact]
    public void Alarm_OfATimeOfDayDoesNotRingEarlyWhereATurnTakesLong()
    {
        DateTimeOffset at = _time.GetUtcNow().AddSeconds(5);
        InTurn(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            _room.SetAlarm("a", at);
        });

        Assert.Equal((0, 0), Pass(TimeSpan.FromSeconds(2.9)));
        Assert.Equal((1, 1), Pass(TimeSpan.FromSeconds(0.1)));
    }

    [Fact]
    public void Alarm_OfMonthsRingsThen()
    {
        InTurn(() => _room.SetAlarm("a", TimeSpan.FromDays(100)));

        for (int day = 1; day < 100; day++)
            Assert.Equal((0, 0), Pass(TimeSpan.FromDays(1)));
        Assert.Equal((1, 1), Pass(TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Alarm_ThatComesNearerAgainAndAgainWakesTheRoomOnce()
    {
        for (int seconds = 100; seconds > 0; seconds--)
            InTurn(() => _room.SetAlarm("a", TimeSpan.FromSeconds(seconds)));

        Assert.Equal((1, 1), Pass(TimeSpan.FromSeconds(1)));
        for (int seconds = 1; seconds < 100; seconds++)
            Assert.Equal((0, 0), Pass(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Room_ThatHasClosedIsNotWoken()
    {
        InTurn(() => _room.SetAlarm("a", TimeSpan.FromHours(1)));

        InTurn(() => _room.CloseInTurnAsync(CloseCode.GoingAway, TimeSpan.FromSeconds(5)));

        Assert.Equal(RoomStatus.Closed, _room.Status);
        Assert.Equal((0, 0), Pass(TimeSpan.FromHours(2)));
    }

    private void InTurn(Action action)
    {
        _room.Post(action);
        DoTurns();
    }

    /// <returns>How many turns came of it, and how many alarms rang.</returns>
    private (int Turns, int Rings) Pass(TimeSpan time)
    {
        int before = _rings;
        _time.Advance(time);
        return (DoTurns(), _rings - before);
    }

    private int DoTurns()
    {
        int turns = 0;
        for (; _due.TryDequeue(out IThreadPoolWorkItem? turn); turns++)
            turn.Execute();
        return turns;
    }
}
