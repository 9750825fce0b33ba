using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>
/// A room's mailbox: the inputs that are put in, from any thread, are handled in order, one at a time. A turn handles those that wait, up to a
/// bound, and then lets out what they did. As the room's synchronization context it also brings the continuations of the application's async
/// handlers back into turns.
/// </summary>
internal sealed class TurnLoop : SynchronizationContext, IThreadPoolWorkItem
{
    /// <summary>How many inputs one turn handles before what they did leaves, and other rooms get the thread.</summary>
    private const int MaxInputsInTurn = 256;

    // A queue with a lock: a concurrent one would hold 2 KB in every room, and as much as it ever held in a room that was busy once.
    private readonly Lock _gate = new();
    private readonly Queue<Input> _inputs = new();
    private readonly ITurns _turns;
    private readonly Action<IThreadPoolWorkItem> _schedule;
    private bool _isScheduled;
    private bool _isKicked;

    public TurnLoop(ITurns turns, Action<IThreadPoolWorkItem> schedule)
    {
        _turns = turns;
        _schedule = schedule;
    }

    /// <summary>Whether the calling thread is in one of this room's turns.</summary>
    public bool IsCurrent => Current == this;

    public void Enqueue(Action action) => Enqueue(new Input(static state => ((Action)state!)(), action));

    public void Enqueue(IFrameSource source, in InboundFrame frame) => Enqueue(new Input(null, source, frame));

    /// <summary>Has a turn begin, though nothing waits for one: also where the room waits.</summary>
    public void Kick()
    {
        lock (_gate)
        {
            _isKicked = _isScheduled; // the turn under way may be past what there is to do
            if (_isScheduled)
                return;
            _isScheduled = true;
        }
        _schedule(this);
    }

    public override void Post(SendOrPostCallback d, object? state) => Enqueue(new Input(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
            throw new NotSupportedException("A room's turn cannot be waited for on a blocked thread; use InvokeAsync.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    void IThreadPoolWorkItem.Execute()
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        PoolThread.Enter();
        _turns.Begin();
        for (int handled = 0; handled < MaxInputsInTurn && !_turns.IsOutputDue && !_turns.IsWaiting && TryDequeue(out Input input); handled++)
            Handle(input);
        PoolThread.Leave(); // what the turn did leaves without the application, and takes long in a large room
        _turns.End();
        SetSynchronizationContext(before);
        if (!TryRest())
            _schedule(this);
    }

    private void Handle(in Input input)
    {
        try
        {
            if (input.Callback is null)
                _turns.Receive((IFrameSource)input.State!, input.Frame);
            else
                input.Callback(input.State);
        }
        catch (Exception error)
        {
            _turns.Failed(error);
        }
    }

    private void Enqueue(in Input input)
    {
        lock (_gate)
        {
            _inputs.Enqueue(input);
            if (_isScheduled || _turns.IsWaiting)
                return;
            _isScheduled = true;
        }
        _schedule(this);
    }

    private bool TryDequeue(out Input input)
    {
        lock (_gate)
            return _inputs.TryDequeue(out input);
    }

    /// <summary>Ends the series of turns, unless there is more to do.</summary>
    private bool TryRest()
    {
        lock (_gate)
        {
            if (_isKicked || (_inputs.Count > 0 && !_turns.IsWaiting))
            {
                _isKicked = false;
                return false;
            }
            if (_inputs.Capacity > MaxInputsInTurn)
                _inputs.TrimExcess();
            _isScheduled = false;
            return true;
        }
    }

    /// <summary>A callback with its state, or, without a callback, a frame of the source that is the state.</summary>
    private readonly record struct Input(SendOrPostCallback? Callback, object? State, InboundFrame Frame = default);
}
