namespace Krmx.State;

/// <summary>What a client has dispatched and the server has not answered, in the order in which it was dispatched.</summary>
internal sealed class PendingDispatches<TValue>
{
    private readonly List<PendingDispatch<TValue>> _dispatches = [];
    private long _lastId;
    private bool _isAnsweredById;

    public int Count => _dispatches.Count;

    /// <summary>Applies all of them to a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="apply">Applies one; must not throw.</param>
    public TValue ApplyTo(TValue value, Func<TValue, PendingDispatch<TValue>, TValue> apply)
    {
        foreach (PendingDispatch<TValue> pending in _dispatches)
            value = apply(value, pending);
        return value;
    }

    /// <summary>An id for a dispatch of a user, which is asked for no other.</summary>
    public string NextId(string username) => $"{username}/{++_lastId}";

    public void Add(PendingDispatch<TValue> dispatch) => _dispatches.Add(dispatch);

    /// <summary>Takes a dispatch out, unless something else has done so already.</summary>
    public bool Remove(PendingDispatch<TValue> dispatch) => Take(candidate => candidate == dispatch) is not null;

    /// <summary>Takes out the dispatch of an id; null where there is no id, or nothing waits for it.</summary>
    public PendingDispatch<TValue>? Take(string? id) => id is null ? null : Take(pending => pending.Id == id);

    /// <summary>Takes out the dispatch that something the server sent answers; null where there is none.</summary>
    /// <param name="id">The id the server sent with it; null where it sent none.</param>
    /// <param name="isSame">Whether what was sent is what was dispatched.</param>
    /// <remarks>
    /// From a server that echoes no ids, as the one on npm, what is the same answers. Once a server has echoed one, only ids do: then the
    /// same without an id is somebody else's, and the dispatch may be refused yet.
    /// </remarks>
    public PendingDispatch<TValue>? TakeAnswered(string? id, Func<PendingDispatch<TValue>, bool> isSame)
    {
        _isAnsweredById |= id is not null;
        return id is not null ? Take(id) : _isAnsweredById ? null : Take(isSame);
    }

    /// <summary>Takes all of them out.</summary>
    public PendingDispatch<TValue>[] TakeAll()
    {
        PendingDispatch<TValue>[] taken = [.. _dispatches];
        _dispatches.Clear();
        foreach (PendingDispatch<TValue> pending in taken)
            pending.Timer?.Dispose();
        return taken;
    }

    /// <summary>Forgets how the server answers: the next one may be another.</summary>
    public void ForgetServer() => _isAnsweredById = false;

    private PendingDispatch<TValue>? Take(Func<PendingDispatch<TValue>, bool> isWanted)
    {
        int index = _dispatches.FindIndex(pending => isWanted(pending));
        if (index < 0)
            return null;
        PendingDispatch<TValue> taken = _dispatches[index];
        _dispatches.RemoveAt(index);
        taken.Timer?.Dispose();
        return taken;
    }
}
