namespace Krmx.State;

/// <summary>Something that was dispatched and is not answered.</summary>
internal sealed record PendingDispatch<TValue>(
    string Id, string Dispatcher, KrmxAction Action, BoundAction<TValue> Bound, Action<DispatchResult>? Completed)
{
    /// <summary>Ends the waiting when it takes too long.</summary>
    public IDisposable? Timer { get; set; }
}
