namespace Krmx.Turns;

/// <summary>Runs what it is given in turns: one after the other, in the order given, and never two at a time.</summary>
/// <remarks>
/// On the given synchronization context, so that an application with a user interface has its events there; without one on the thread pool.
/// Nothing blocks, so one thread is enough for everything, as in a browser.
/// </remarks>
internal sealed class SerialExecutor
{
    /// <summary>How many turns run before others on the same context get a chance.</summary>
    private const int MaxTurnsInARow = 64;

    private readonly object _gate = new();
    private readonly Queue<Action> _mailbox = new();
    private readonly SynchronizationContext? _context;
    private readonly TurnContext _ownContext;
    private readonly Action<Exception> _failed;
    private bool _isScheduled;
    private int _threadInTurn;

    /// <param name="context">Where the turns run; null for the thread pool.</param>
    /// <param name="failed">Told of what a turn threw; the next one runs all the same.</param>
    public SerialExecutor(SynchronizationContext? context, Action<Exception> failed)
    {
        _context = context;
        _failed = failed;
        _ownContext = new TurnContext(this);
    }

    /// <summary>Whether the caller is in a turn.</summary>
    public bool IsInTurn => Volatile.Read(ref _threadInTurn) == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action in a turn of its own, later.</summary>
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

    /// <summary>Runs an action at once where the caller is in a turn, else in a turn of its own.</summary>
    public void Run(Action action)
    {
        if (IsInTurn)
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
                _context.Post(static executor => ((SerialExecutor)executor!).RunTurns(), this);
                return;
            }
        }
        catch (Exception)
        {
            // The user interface is gone; what is left to do must be done nevertheless.
        }
        ThreadPool.UnsafeQueueUserWorkItem(static executor => ((SerialExecutor)executor!).RunTurns(), this);
    }

    private void RunTurns()
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        // What a listener awaits on the thread pool continues in a turn; a context that was given does that by itself.
        if (_context is null)
            SynchronizationContext.SetSynchronizationContext(_ownContext);
        Volatile.Write(ref _threadInTurn, Environment.CurrentManagedThreadId);
        for (int i = 0; i < MaxTurnsInARow && TryTake(out Action? turn); i++)
        {
            try
            {
                turn!();
            }
            catch (Exception error)
            {
                _failed(error);
            }
        }
        Volatile.Write(ref _threadInTurn, 0);
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

    private bool TryTake(out Action? turn)
    {
        lock (_gate)
            return _mailbox.TryDequeue(out turn);
    }

    /// <summary>Brings what a listener awaited back into a turn.</summary>
    private sealed class TurnContext(SerialExecutor executor) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => executor.Post(() => d(state));

        public override void Send(SendOrPostCallback d, object? state)
        {
            if (!executor.IsInTurn)
                throw new NotSupportedException("A turn cannot be waited for; post to it.");
            d(state);
        }

        public override SynchronizationContext CreateCopy() => this;
    }
}
