namespace Krmx.Rooms;

/// <summary>How many async listeners of a room have not ended, so that what they use is not disposed of under them.</summary>
internal sealed class RunningListeners
{
    private TaskCompletionSource? _ended;

    // The room itself is one, until it waits for the others.
    private int _count = 1;

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            _ended!.SetResult();
    }

    /// <summary>Waits for all to end; called once, when no more begin.</summary>
    public Task WhenAllEnded()
    {
        _ended = new TaskCompletionSource();
        End();
        return _ended.Task;
    }
}
