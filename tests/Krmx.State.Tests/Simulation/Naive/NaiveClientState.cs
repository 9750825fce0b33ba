namespace Krmx.State.Tests.Simulation;

/// <summary>
/// Shared state on a naive client, as a user sees it: what the server has said, with what was dispatched and is not answered on top,
/// computed from scratch whenever somebody looks.
/// </summary>
/// <remarks>It trusts the client's own events, which other tests prove, and is told of each just before the real state is.</remarks>
internal sealed class NaiveClientState<T>
    where T : class
{
    private readonly List<Pending> _pending = [];
    private readonly TestClientClock _clock;
    private readonly T? _empty;
    private readonly bool _isLiveAtLink;
    private readonly Krmx.Testing.TestClient _client;
    private string? _user;
    private long _lastId;
    private bool _isAnsweredById;
    private bool _beginsAnew; // the link could not go on, and another one is accepted already

    public NaiveClientState(Krmx.Testing.TestClient client, TestClientClock clock, T? empty, bool isLiveAtLink)
    {
        (_client, _clock, _empty, _isLiveAtLink) = (client, clock, empty, isLiveAtLink);
        Confirmed = empty;
        client.OnGap(_ => _beginsAnew = client.Status == ClientStatus.Linking);
        client.OnLink(Linked);
        client.OnUnlink(user =>
        {
            if (user == _user)
                End(forgets: !_beginsAnew && !IsToBeMadeAnew);
        });
        client.OnReject(_ =>
        {
            if (client.Status == ClientStatus.Connected && _user is not null)
                End(forgets: true);
        });
        client.OnStatus(status =>
        {
            if (status == ClientStatus.Disconnected && _user is not null)
                End(forgets: true);
        });
    }

    public T? Confirmed { get; private set; }

    /// <summary>Whether the link ends, or has ended, with a connection that is lost, and is made again on the next one.</summary>
    public bool IsToBeMadeAnew { get; set; }

    public bool IsLive { get; private set; }

    public int PendingCount => _pending.Count;

    public T? Shown => _pending.Aggregate(Confirmed, static (value, pending) => pending.Apply(value, pending.User));

    /// <summary>When the next dispatch expires, if any is pending.</summary>
    public TimeSpan? NextExpiry => _pending.Count == 0 ? null : _pending.Min(static pending => pending.Due);

    public void Dispatch(Func<T?, string, T?> apply, Func<object, bool> isSame, string? refusal, Action<DispatchResult> completed)
    {
        if (refusal is not null)
            completed(new DispatchResult(DispatchStatus.Refused, refusal));
        else if (_client.Status is not (ClientStatus.Linked or ClientStatus.Reconnecting) || _user is null || _user != _client.Username)
            completed(new DispatchResult(DispatchStatus.NotLinked));
        else
            _pending.Add(new Pending($"{_user}/{++_lastId}", _user!, _clock.Due, apply, isSame, completed));
    }

    /// <summary>Takes what the server said.</summary>
    /// <param name="frame">What it said.</param>
    /// <param name="next">Computes the confirmed value from the one before; null where the frame tells none.</param>
    /// <param name="matchesContent">
    /// Whether a frame without an id may answer the user's own dispatch of the same content, as long as the server is not known to echo
    /// ids.
    /// </param>
    /// <param name="isReadable">Whether a client can read the confirmed value.</param>
    public void Receive(Expected frame, Func<T?, T?>? next, bool matchesContent, bool isReadable = true)
    {
        _isAnsweredById |= frame.Id is not null && matchesContent;
        Pending? answered = frame.Id is not null
            ? _pending.Find(pending => pending.Id == frame.Id)
            : matchesContent && !_isAnsweredById ? _pending.Find(pending => pending.IsSame(frame.Value!)) : null;
        if (answered is not null)
            _pending.Remove(answered);
        if (next is not null)
            (Confirmed, IsLive) = (isReadable ? next(Confirmed) : Confirmed, isReadable);
        answered?.Completed(frame.Answer);
    }

    public bool IsOf(string user) => user == _user;

    /// <returns>How many dispatches expired.</returns>
    public int Expire(TimeSpan now)
    {
        Pending[] due = [.. _pending.Where(pending => pending.Due <= now)];
        foreach (Pending expired in due)
        {
            _pending.Remove(expired);
            expired.Completed(new DispatchResult(DispatchStatus.Expired));
        }
        return due.Length;
    }

    private void Linked(string user)
    {
        if (user != _client.Username)
            return;
        if (_isLiveAtLink || user != _user)
            Confirmed = _empty;
        (_user, _beginsAnew, IsToBeMadeAnew) = (user, false, false);
        IsLive = _isLiveAtLink;
    }

    private void End(bool forgets)
    {
        if (forgets)
            (_user, Confirmed, _isAnsweredById) = (null, _empty, false);
        IsLive = false;
        foreach (Pending pending in _pending)
            pending.Completed(new DispatchResult(DispatchStatus.Unlinked));
        _pending.Clear();
    }

    private sealed record Pending(
        string Id, string User, TimeSpan Due, Func<T?, string, T?> Apply, Func<object, bool> IsSame, Action<DispatchResult> Completed);
}

/// <summary>The time as a client knows it.</summary>
internal sealed class TestClientClock(Krmx.Testing.TestRoom room, TimeSpan lifetime)
{
    public TimeSpan Due => room.Now + lifetime;
}
