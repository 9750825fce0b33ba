namespace Krmx.Turns;

/// <summary>Runs an action in a turn, after a time and once, unless it is disposed of in a turn before.</summary>
internal sealed class TurnTimer : IDisposable
{
    private readonly ITimer _timer;
    private bool _isOver;

    public TurnTimer(SerialExecutor turns, TimeProvider time, TimeSpan due, Action elapsed)
    {
        _timer = time.CreateTimer(
            _ => turns.Post(() =>
            {
                if (_isOver)
                    return;
                Dispose();
                elapsed();
            }),
            state: null,
            due,
            Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _isOver = true;
        _timer.Dispose();
    }
}
