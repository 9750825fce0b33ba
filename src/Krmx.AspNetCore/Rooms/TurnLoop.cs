using Krmx.Connections;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>
/// A room's mailbox: what is put in, from any thread, is done in order, one thing at a time, by one pool thread at a time. As the room's
/// synchronization context it also brings the continuations of the application's async handlers back into turns.
/// </summary>
internal sealed class TurnLoop : SynchronizationContext, IThreadPoolWorkItem
{
    /// <summary>How much one turn does before other rooms get the thread.</summary>
    private const int MaxItemsInTurn = 256;

    // A queue with a lock: a concurrent one would hold 2 KB in every room, and as much as it ever held in a room that was busy once.
    private readonly Lock _gate = new();
    private readonly Queue<Item> _items = new();
    private readonly ITurns _turns;
    private bool _isScheduled;

    public TurnLoop(ITurns turns) => _turns = turns;

    /// <summary>Whether the calling thread is in one of this room's turns.</summary>
    public bool IsCurrent => Current == this;

    public void Enqueue(Action action) => Enqueue(new Item(static state => ((Action)state!)(), action));

    public void Enqueue(GatewayConnection connection, in InboundFrame frame) => Enqueue(new Item(null, connection, frame));

    public override void Post(SendOrPostCallback d, object? state) => Enqueue(new Item(d, state));

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
        _turns.Begin();
        for (int done = 0; done < MaxItemsInTurn && TryDequeue(out Item item); done++)
            Do(item);
        _turns.End();
        SetSynchronizationContext(before);
        if (!TryRest())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Do(in Item item)
    {
        try
        {
            if (item.Callback is null)
                _turns.Receive((GatewayConnection)item.State!, item.Frame);
            else
                item.Callback(item.State);
        }
        catch (Exception error)
        {
            _turns.Failed(error);
        }
    }

    private void Enqueue(in Item item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
            if (_isScheduled)
                return;
            _isScheduled = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TryDequeue(out Item item)
    {
        lock (_gate)
            return _items.TryDequeue(out item);
    }

    /// <summary>Ends the series of turns, unless there is more to do.</summary>
    private bool TryRest()
    {
        lock (_gate)
        {
            if (_items.Count > 0)
                return false;
            if (_items.Capacity > MaxItemsInTurn)
                _items.TrimExcess();
            _isScheduled = false;
            return true;
        }
    }

    /// <summary>A callback with its state, or, without a callback, a frame of the connection that is the state.</summary>
    private readonly record struct Item(SendOrPostCallback? Callback, object? State, InboundFrame Frame = default);
}
