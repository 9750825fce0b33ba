namespace Krmx.Execution;

/// <summary>Runs the work items it is given one after the other, in the order given, and never two at a time.</summary>
/// <remarks>
/// On the given synchronization context, so that an application with a user interface has its events there; without one on the thread pool.
/// Nothing blocks, so one thread is enough for everything, as in a browser. Where something says "on the executor" it means: in a work item.
/// </remarks>
internal sealed class SerialExecutor
{
    /// <summary>How many work items run before others on the same context get a chance.</summary>
    private const int MaxItemsInARow = 64;

    private readonly object _gate = new();
    private readonly Queue<Action> _mailbox = new();
    private readonly SynchronizationContext? _context;
    private readonly ExecutorContext _ownContext;
    private readonly Action<Exception> _failed;
    private bool _isScheduled;
    private int _currentThread;

    /// <param name="context">Where the work items run; null for the thread pool.</param>
    /// <param name="failed">Told of what a work item threw; the next one runs all the same.</param>
    public SerialExecutor(SynchronizationContext? context, Action<Exception> failed)
    {
        _context = context;
        _failed = failed;
        _ownContext = new ExecutorContext(this);
    }

    /// <summary>Whether the caller is in a work item.</summary>
    public bool IsCurrent => Volatile.Read(ref _currentThread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action as a work item of its own, later.</summary>
    public void Post(Action action)
    {
        lock (_gate)
        {
            _mailbox.Enqueue(action);
            if (_isScheduled)
                return;
            _isScheduled = true;
        }
        Schedule();
    }

    /// <summary>Runs an action at once where the caller is in a work item, else as one of its own.</summary>
    public void Run(Action action)
    {
        if (IsCurrent)
            action();
        else
            Post(action);
    }

    private void Schedule()
    {
        try
        {
            if (_context is not null)
            {
                _context.Post(static executor => ((SerialExecutor)executor!).RunItems(), this);
                return;
            }
        }
        catch (Exception)
        {
            // The user interface is gone; what is left to do must be done nevertheless.
        }
        ThreadPool.UnsafeQueueUserWorkItem(static executor => ((SerialExecutor)executor!).RunItems(), this);
    }

    private void RunItems()
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        // What a listener awaits on the thread pool continues as a work item; a context that was given does that by itself.
        if (_context is null)
            SynchronizationContext.SetSynchronizationContext(_ownContext);
        Volatile.Write(ref _currentThread, Environment.CurrentManagedThreadId);
        for (int i = 0; i < MaxItemsInARow && TryTake(out Action? item); i++)
        {
            try
            {
                item!();
            }
            catch (Exception error)
            {
                _failed(error);
            }
        }
        Volatile.Write(ref _currentThread, 0);
        if (_context is null)
            SynchronizationContext.SetSynchronizationContext(outer);
        lock (_gate)
        {
            _isScheduled = _mailbox.Count > 0;
            if (!_isScheduled)
                return;
        }
        Schedule();
    }

    private bool TryTake(out Action? item)
    {
        lock (_gate)
            return _mailbox.TryDequeue(out item);
    }

    /// <summary>Brings what a listener awaited back onto the executor.</summary>
    private sealed class ExecutorContext(SerialExecutor executor) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => executor.Post(() => d(state));

        public override void Send(SendOrPostCallback d, object? state)
        {
            if (!executor.IsCurrent)
                throw new NotSupportedException("A work item cannot be waited for; post it.");
            d(state);
        }

        public override SynchronizationContext CreateCopy() => this;
    }
}
