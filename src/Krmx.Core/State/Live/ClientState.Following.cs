namespace Krmx.State;

// What the server sends, and the link it comes with.
public abstract partial class ClientState<TValue>
{
    /// <summary>The user the client is linked to as far as this state knows; null while it is not.</summary>
    private protected string? LinkedAs { get; private set; }

    /// <summary>Whether something came that does not fit, so that what follows cannot make the value the server's again.</summary>
    private protected bool HasLostTrack { get; private set; }

    /// <summary>What the value is when nothing is known.</summary>
    private protected abstract TValue Empty { get; }

    /// <summary>Whether the state is live with the link, rather than with the first thing the server sends.</summary>
    private protected virtual bool IsLiveAtLink => true;

    /// <summary>Forgets what the server has sent.</summary>
    private protected virtual void Forget()
    {
    }

    /// <summary>Subscribes to messages that change the value; one that cannot be read at all may have been a change.</summary>
    private protected void ReceiveChanges(string messageType, string domain, PayloadHandler<KrmxClientCore> handler) =>
        _subscriptions.Add(Attachments.Of(Client).Add(messageType, domain, handler, unreadable: LoseTrack));

    /// <summary>Subscribes to messages that refuse or release dispatches.</summary>
    private protected void ReceiveAnswers(string messageType, string domain, PayloadHandler<KrmxClientCore> handler) =>
        _subscriptions.Add(Attachments.Of(Client).Add(messageType, domain, handler));

    /// <summary>Takes out the dispatch of an id; null where there is no id, or nothing waits for it.</summary>
    private protected PendingDispatch<TValue>? Take(string? id) => _pending.Take(id);

    /// <inheritdoc cref="PendingDispatches{TValue}.TakeAnswered"/>
    private protected PendingDispatch<TValue>? TakeAnswered(string? id, Func<PendingDispatch<TValue>, bool> isSame) =>
        _pending.TakeAnswered(id, isSame);

    /// <summary>Takes a new value from the server.</summary>
    private protected void Confirm(TValue value) => Show(value, isLive: !HasLostTrack);

    /// <summary>Stops showing the value as the server's: what the server has now cannot be shown.</summary>
    private protected void Suspend() => Show(Confirmed, isLive: false);

    /// <summary>Stops showing the value as the server's, until the server sends the whole state: something came that does not fit.</summary>
    private protected void LoseTrack()
    {
        HasLostTrack = true;
        Suspend();
    }

    /// <inheritdoc cref="LoseTrack()"/>
    /// <param name="messageType">The type of the message that does not fit.</param>
    /// <param name="error">What is wrong with it.</param>
    private protected void LoseTrack(string messageType, Exception error)
    {
        Client.ReportRefused(messageType, error);
        LoseTrack();
    }

    /// <summary>The server has sent the whole state, so that what comes next fits.</summary>
    private protected void FindTrack() => HasLostTrack = false;

    /// <summary>Tells what became of a dispatch that was taken out, if there is one; its effect is shown no longer.</summary>
    private protected void Answer(PendingDispatch<TValue>? answered, DispatchResult result) => Complete(answered?.Completed, result);

    /// <summary>Shows the effect of a dispatch that was taken out no longer, and tells what became of it.</summary>
    private protected void Release(PendingDispatch<TValue>? answered, DispatchResult result)
    {
        Show(Confirmed, IsLive);
        Answer(answered, result);
    }

    /// <summary>Handles a message that says why a dispatch was refused.</summary>
    private protected void HandleRefusal(KrmxClientCore client, in StatePayload payload)
    {
        if (Take(payload.OptimisticId) is { } refused)
            Release(refused, RefusalOf(payload));
    }

    private protected static DispatchResult RefusalOf(in StatePayload payload) =>
        DispatchResult.Refused(payload.Reason ?? "the server gave no reason");

    private void Follow(KrmxClientCore client)
    {
        _subscriptions.Add(client.OnLink(Linked));
        _subscriptions.Add(client.OnUnlink(Unlinked));
        _subscriptions.Add(client.OnForgone(Reset));
        _subscriptions.Add(client.OnStatus(status =>
        {
            if (status == ClientStatus.Disconnected)
                Reset();
        }));
    }

    private void Linked(string username)
    {
        if (username != Client.Username)
            return;
        bool isSomebodyElse = LinkedAs is not null && LinkedAs != username;
        LinkedAs = username;
        Forget();
        FindTrack();
        Show(isSomebodyElse || IsLiveAtLink ? Empty : Confirmed, IsLiveAtLink);
    }

    private void Unlinked(string username)
    {
        if (username == LinkedAs)
            End(comesBack: Client.ComesBack);
    }

    /// <summary>Ends the link. The status event comes before the unlink event, which is of a user that is forgotten by then.</summary>
    private void Reset()
    {
        if (LinkedAs is not null)
            End(comesBack: false);
    }

    private void End(bool comesBack)
    {
        if (!comesBack)
        {
            LinkedAs = null;
            Forget();
            _pending.ForgetServer();
        }
        PendingDispatch<TValue>[] ended = _pending.TakeAll();
        Show(comesBack ? Confirmed : Empty, isLive: false);
        CompleteAll(ended, DispatchStatus.Unlinked);
    }
}
