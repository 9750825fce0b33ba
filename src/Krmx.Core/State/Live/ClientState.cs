using System.ComponentModel;

namespace Krmx.State;

/// <summary>A shared state as a client has it: what the server confirmed, with the client's own unanswered changes on top.</summary>
/// <remarks>
/// <para>
/// It is live from the link on. When the connection drops and the client makes it again, it shows what it last knew until the server sends
/// the state anew; changes that were not answered are gone, as nobody knows what became of them. When the client unlinks, or links as
/// somebody else, it is reset.
/// </para>
/// <para>
/// Listeners are called as those of the client are: one at a time. Values may be read, and changes dispatched, from any thread.
/// </para>
/// </remarks>
public abstract class ClientState<TValue> : INotifyPropertyChanged, IDisposable
{
    private readonly ListenerList<Action<TValue>> _onChange;
    private readonly List<PendingDispatch<TValue>> _pending = [];
    private readonly TimeSpan _lifetime;
    private readonly string _name;
    private readonly List<IDisposable> _subscriptions = [];
    private volatile Box _shown;
    private TValue _confirmed;
    private long _lastId;
    private bool _isAnsweredById;

    private protected ClientState(KrmxClientCore client, string name, TValue empty, LiveOptions options)
    {
        if (options.OptimisticLifetime < LiveOptions.MinLifetime || options.OptimisticLifetime > LiveOptions.MaxLifetime)
        {
            throw new ArgumentException(
                $"{nameof(LiveOptions.OptimisticLifetime)} must be from 1 ms to 1 day, not {options.OptimisticLifetime}.", nameof(options));
        }
        Client = client;
        _name = name;
        _lifetime = options.OptimisticLifetime;
        _confirmed = empty;
        _shown = new Box(empty);
        _onChange = new ListenerList<Action<TValue>>($"{name} change");
        _subscriptions.Add(client.OnLink(Linked));
        _subscriptions.Add(client.OnUnlink(Unlinked));
        _subscriptions.Add(client.OnStatus(status =>
        {
            if (status == ClientStatus.Disconnected)
                Reset();
        }));
    }

    /// <summary>Raised when the value, or <see cref="IsLive"/>, has changed, for user interfaces that bind to properties.</summary>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>Whether the client is linked and has been sent the state, so that the value is the server's.</summary>
    public bool IsLive { get; private set; }

    /// <summary>How many dispatches the server has not answered.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>How long a dispatch waits for its answer, and shows its effect without one.</summary>
    public TimeSpan OptimisticLifetime => _lifetime;

    private protected KrmxClientCore Client { get; }

    /// <summary>The user the client is linked to as far as this state knows; null while it is not.</summary>
    private protected string? LinkedAs { get; private set; }

    /// <summary>What is shown: the confirmed value with what is pending on top.</summary>
    private protected TValue Shown => _shown.Value;

    private protected TValue Confirmed => _confirmed;

    /// <summary>Calls a listener when the value has changed.</summary>
    /// <param name="listener">Given the value.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnChange(Action<TValue> listener) => _onChange.Add(listener);

    /// <summary>Detaches the state from the client: it changes no more, and what is pending ends as if the client had unlinked.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Client.RunSerially(() =>
        {
            foreach (IDisposable subscription in _subscriptions)
                subscription.Dispose();
            IsLive = false;
            EndPending();
        });
    }

    /// <summary>What the value is when nothing is known.</summary>
    private protected abstract TValue Empty { get; }

    /// <summary>Whether the state is live with the link, rather than with the first thing the server sends.</summary>
    private protected virtual bool IsLiveAtLink => true;

    /// <summary>Forgets what the server has sent.</summary>
    private protected virtual void Forget()
    {
    }

    private protected void Receive(string messageType, string domain, PayloadHandler<KrmxClientCore> handler) =>
        _subscriptions.Add(Attachments.Of(Client).Add(messageType, domain, handler));

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
            else if (Client.Status != ClientStatus.Linked || LinkedAs != Client.Username) // it may still be the user before
                Complete(completed, new DispatchResult(DispatchStatus.NotLinked));
            else
                Send(action, bound, frame, completed);
        });
    }

    /// <summary>Takes out the dispatch that something the server sent answers; null where there is none.</summary>
    /// <param name="id">The id the server sent with it; null where it sent none.</param>
    /// <param name="isSame">Whether what was sent is what was dispatched.</param>
    /// <remarks>
    /// From a server that echoes no ids, as the one on npm, what is the same answers. Once a server has echoed one, only ids do: then the
    /// same without an id is somebody else's, and the dispatch may be refused yet.
    /// </remarks>
    private protected PendingDispatch<TValue>? TakeAnswered(string? id, Func<PendingDispatch<TValue>, bool> isSame)
    {
        _isAnsweredById |= id is not null;
        return id is not null ? Take(id) : _isAnsweredById ? null : Take(isSame);
    }

    /// <summary>Takes out the dispatch of an id; null where there is no id, or nothing waits for it.</summary>
    private protected PendingDispatch<TValue>? Take(string? id) => id is null ? null : Take(pending => pending.Id == id);

    /// <summary>Takes a pending dispatch out, because it is answered.</summary>
    /// <returns>The dispatch, or null where none fits.</returns>
    private protected PendingDispatch<TValue>? Take(Func<PendingDispatch<TValue>, bool> isWanted)
    {
        int index = _pending.FindIndex(pending => isWanted(pending));
        if (index < 0)
            return null;
        PendingDispatch<TValue> taken = _pending[index];
        _pending.RemoveAt(index);
        taken.Timer?.Dispose();
        return taken;
    }

    /// <summary>Takes a new value from the server, and tells what became of a dispatch if that was its answer.</summary>
    private protected void Confirm(TValue value, PendingDispatch<TValue>? answered = null, DispatchResult result = default)
    {
        _confirmed = value;
        bool wasLive = IsLive;
        IsLive = true;
        Show(isChanged: !wasLive);
        Complete(answered?.Completed, result);
    }

    /// <summary>Tells what became of a dispatch that was taken out, and shows its effect no longer.</summary>
    private protected void Release(PendingDispatch<TValue> answered, DispatchResult result)
    {
        Show();
        Complete(answered.Completed, result);
    }

    /// <summary>Handles a message that says why a dispatch was refused.</summary>
    private protected void HandleRefusal(KrmxClientCore client, in StatePayload payload)
    {
        if (Take(payload.OptimisticId) is { } refused)
            Release(refused, RefusalOf(payload));
    }

    private protected static DispatchResult RefusalOf(in StatePayload payload) =>
        DispatchResult.Refused(payload.Reason ?? "the server gave no reason");

    /// <summary>Stops showing the value as the server's: something came that does not fit.</summary>
    private protected void LoseTrack(string messageType, Exception error)
    {
        Client.ReportRefused(messageType, error);
        IsLive = false;
        Show(isChanged: true);
    }

    private protected TValue ApplyTo(TValue value, BoundAction<TValue> bound, string dispatcher, string type)
    {
        try
        {
            return bound.Apply(value, dispatcher);
        }
        catch (ActionRefusedException)
        {
            return value;
        }
        catch (Exception error)
        {
            Client.ReportFailed($"{_name} {type}", error);
            return value;
        }
    }

    private void Send(KrmxAction action, BoundAction<TValue> bound, Func<string, byte[]> frame, Action<DispatchResult>? completed)
    {
        string id = $"{LinkedAs}/{++_lastId}";
        Client.SendFrame(frame(id));
        var pending = new PendingDispatch<TValue>(id, LinkedAs!, action, bound, completed);
        _pending.Add(pending);
        pending.Timer = Client.StartTimer(_lifetime, () =>
        {
            if (Take(candidate => candidate == pending) is null)
                return;
            Show();
            Complete(completed, new DispatchResult(DispatchStatus.Expired));
        });
        Show();
    }

    private void Linked(string username)
    {
        if (username != Client.Username)
            return;
        bool isSomebodyElse = LinkedAs is not null && LinkedAs != username;
        LinkedAs = username;
        Forget();
        IsLive = IsLiveAtLink;
        if (isSomebodyElse || IsLiveAtLink)
            _confirmed = Empty;
        Show(isChanged: true);
    }

    private void Unlinked(string username)
    {
        if (username == LinkedAs)
            End(comesBack: Client.Status == ClientStatus.Reconnecting);
    }

    /// <summary>Ends the link. The status event comes before the unlink event, which is of a user that is forgotten by then.</summary>
    private void Reset()
    {
        if (LinkedAs is not null)
            End(comesBack: false);
    }

    private void End(bool comesBack)
    {
        IsLive = false;
        if (!comesBack)
            Clear();
        EndPending();
        Show(isChanged: true);
    }

    private void Clear()
    {
        LinkedAs = null;
        _isAnsweredById = false;
        Forget();
        _confirmed = Empty;
    }

    private void EndPending()
    {
        PendingDispatch<TValue>[] ended = [.. _pending];
        _pending.Clear();
        foreach (PendingDispatch<TValue> pending in ended)
        {
            pending.Timer?.Dispose();
            Complete(pending.Completed, new DispatchResult(DispatchStatus.Unlinked));
        }
    }

    /// <summary>Shows the confirmed value with what is pending on top, and tells where that changed something.</summary>
    private void Show(bool isChanged = false)
    {
        TValue value = _confirmed;
        foreach (PendingDispatch<TValue> pending in _pending)
            value = ApplyTo(value, pending.Bound, pending.Dispatcher, pending.Action.Type);
        if (!isChanged && ReferenceEquals(value, _shown.Value))
            return;
        _shown = new Box(value);
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

    private sealed class Box(TValue value)
    {
        public TValue Value => value;
    }
}
