namespace Krmx.Rooms;

/// <summary>Something that happens once, and those who wait for it: they go on in the order they came, within <see cref="Set"/>. Safe from any thread.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();

    // Null when it has happened.
    private List<TaskCompletionSource>? _waiting = [];

    /// <summary>Waits.</summary>
    public Task WaitAsync() => Add().Task;

    /// <summary>Waits, with patience.</summary>
    /// <returns>Whether it has happened.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiting = Add();
        if (waiting.Task.IsCompleted)
            return true;
        if (patience > TimeSpan.Zero)
        {
            try
            {
                await waiting.Task.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (Exception error) when (error is TimeoutException or OperationCanceledException)
            {
                // Nobody waits any more.
            }
        }
        lock (_gate)
            _waiting?.Remove(waiting);
        return false;
    }

    /// <summary>It has happened; more than once does no harm.</summary>
    public void Set()
    {
        List<TaskCompletionSource>? waiting;
        lock (_gate)
        {
            waiting = _waiting;
            _waiting = null;
        }
        foreach (TaskCompletionSource each in waiting ?? [])
            each.SetResult();
    }

    private TaskCompletionSource Add()
    {
        var waiting = new TaskCompletionSource();
        lock (_gate)
        {
            if (_waiting is not null)
            {
                _waiting.Add(waiting);
                return waiting;
            }
        }
        waiting.SetResult();
        return waiting;
    }
}
