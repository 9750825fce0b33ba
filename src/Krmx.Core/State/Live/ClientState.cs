using System.ComponentModel;

namespace Krmx.State;

/// <summary>A shared state as a client has it: what the server confirmed, with the client's own unanswered changes on top.</summary>
/// <remarks>
/// <para>
/// It is live from the link on. While the connection is away it stays as it is, and goes on with the next one. Where the link cannot go on
/// where it left off, it shows what it last knew until the server sends the state anew; changes that were not answered are gone, as nobody
/// knows what became of them. When the client unlinks, links as somebody else, or is refused its link, it is reset.
/// </para>
/// <para>
/// What cannot be followed ends <see cref="IsLive"/>, and the value stays as it was: a view that its type cannot be read from, until one
/// comes that can; a change that does not fit, until the whole state comes with the next link. Dispatches are answered all the same.
/// </para>
/// <para>
/// Listeners are called as those of the client are: one at a time. Values may be read, and changes dispatched, from any thread.
/// </para>
/// </remarks>
public abstract partial class ClientState<TValue> : INotifyPropertyChanged, IDisposable
{
    private readonly ListenerList<Action<TValue>> _onChange;
    private readonly PendingDispatches<TValue> _pending = new();
    private readonly List<IDisposable> _subscriptions = [];
    private readonly string _name;
    private volatile LiveValue<TValue> _value;

    private protected ClientState(KrmxClientCore client, string name, TValue empty, LiveOptions options)
    {
        if (options.OptimisticLifetime < LiveOptions.MinLifetime || options.OptimisticLifetime > LiveOptions.MaxLifetime)
        {
            throw new ArgumentException(
                $"{nameof(LiveOptions.OptimisticLifetime)} must be from 1 ms to 1 day, not {options.OptimisticLifetime}.", nameof(options));
        }
        Client = client;
        OptimisticLifetime = options.OptimisticLifetime;
        _name = name;
        _value = new LiveValue<TValue>(empty, empty, isLive: false);
        _onChange = new ListenerList<Action<TValue>>($"{name} change");
        Follow(client);
    }

    /// <summary>Raised when the value, or <see cref="IsLive"/>, has changed, for user interfaces that bind to properties.</summary>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>Whether the value is the server's: the client is linked, has been sent the state, and could follow all of it.</summary>
    public bool IsLive => _value.IsLive;

    /// <summary>How many dispatches the server has not answered.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>How long a dispatch waits for its answer, and shows its effect without one.</summary>
    public TimeSpan OptimisticLifetime { get; }

    private protected KrmxClientCore Client { get; }

    /// <summary>What is shown: the confirmed value with what is pending on top.</summary>
    private protected TValue Shown => _value.Shown;

    private protected TValue Confirmed => _value.Confirmed;

    /// <summary>Calls a listener when the value, or <see cref="IsLive"/>, has changed.</summary>
    /// <param name="listener">Given the value.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnChange(Action<TValue> listener) => _onChange.Add(listener);

    /// <summary>
    /// Detaches the state from the client: it changes no more. What is pending ends as if the client had unlinked, and what is dispatched
    /// from then on as if it were not linked.
    /// </summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Client.RunSerially(() =>
        {
            foreach (IDisposable subscription in _subscriptions)
                subscription.Dispose();
            LinkedAs = null;
            _value = new LiveValue<TValue>(Confirmed, Confirmed, isLive: false);
            CompleteAll(_pending.TakeAll(), DispatchStatus.Unlinked);
        });
    }

    /// <summary>Sends something, and shows its effect until it is answered.</summary>
    /// <param name="action">What is sent.</param>
    /// <param name="bound">What applies it; null where it is refused here already.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="frame">Writes the frame, given the id to be answered with.</param>
    /// <param name="completed">Told what became of it.</param>
    private protected void Send(
        KrmxAction action, BoundAction<TValue>? bound, string? refusal, Func<string, byte[]> frame, Action<DispatchResult>? completed)
    {
        Client.RunSerially(() =>
        {
            if (bound is null)
                Complete(completed, DispatchResult.Refused(refusal!));
            else if (!Client.CanSend || LinkedAs != Client.Username) // it may still be the user before
                Complete(completed, new DispatchResult(DispatchStatus.NotLinked));
            else if (Client.IsCongested)
                Complete(completed, new DispatchResult(DispatchStatus.QueueFull));
            else
                Send(action, bound, frame, completed);
        });
    }

    private void Send(KrmxAction action, BoundAction<TValue> bound, Func<string, byte[]> frame, Action<DispatchResult>? completed)
    {
        string id = _pending.NextId(LinkedAs!);
        try
        {
            Client.SendFrame(frame(id));
        }
        catch (Exception error)
        {
            Client.ReportFailed($"{_name} {action.Type}", error);
            Complete(completed, DispatchResult.Refused(Refusals.Failed));
            return;
        }
        var pending = new PendingDispatch<TValue>(id, LinkedAs!, action, bound, completed);
        _pending.Add(pending);
        pending.Timer = Client.StartTimer(OptimisticLifetime, () =>
        {
            if (!_pending.Remove(pending))
                return;
            Show(Confirmed, IsLive);
            Complete(completed, new DispatchResult(DispatchStatus.Expired));
        });
        Show(Confirmed, IsLive);
    }

    /// <summary>Takes a confirmed value, shows it with what is pending on top, and tells where a user sees a difference.</summary>
    private void Show(TValue confirmed, bool isLive)
    {
        LiveValue<TValue> before = _value;
        TValue shown = _pending.ApplyTo(
            confirmed, (value, pending) => ApplyTo(value, pending.Bound, pending.Dispatcher, pending.Action.Type));
        _value = new LiveValue<TValue>(confirmed, shown, isLive);
        if (_value.LooksLike(before))
            return;
        // Each listener is given the value as it is when it is called: one before it may have dispatched.
        _onChange.Notify(this, static (listener, state) => listener(state.Shown), Client.ReportFailed);
        try
        {
            PropertyChanged?.Invoke(this, new PropertyChangedEventArgs(null));
        }
        catch (Exception error)
        {
            Client.ReportFailed(nameof(PropertyChanged), error);
        }
    }

    private protected TValue ApplyTo(TValue value, BoundAction<TValue> bound, string dispatcher, string type)
    {
        try
        {
            return bound.Apply(value, dispatcher);
        }
        catch (KrmxRefusedException)
        {
            return value;
        }
        catch (Exception error)
        {
            Client.ReportFailed($"{_name} {type}", error);
            return value;
        }
    }

    private void Complete(Action<DispatchResult>? completed, DispatchResult result)
    {
        try
        {
            completed?.Invoke(result);
        }
        catch (Exception error)
        {
            Client.ReportFailed($"{_name} dispatch", error);
        }
    }

    private void CompleteAll(PendingDispatch<TValue>[] ended, DispatchStatus status)
    {
        foreach (PendingDispatch<TValue> dispatch in ended)
            Complete(dispatch.Completed, new DispatchResult(status));
    }
}
