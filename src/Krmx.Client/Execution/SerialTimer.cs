namespace Krmx.Execution;

/// <summary>Runs an action on an executor, after a time and once, unless it is disposed of there before.</summary>
internal sealed class SerialTimer : IDisposable
{
    private readonly ITimer _timer;
    private bool _isOver;

    public SerialTimer(SerialExecutor executor, TimeProvider time, TimeSpan due, Action elapsed)
    {
        _timer = time.CreateTimer(
            _ => executor.Post(() =>
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
