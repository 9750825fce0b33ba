namespace Krmx;

/// <summary>The listeners of one event, in the order they came; it may change while they are called, and from any thread.</summary>
/// <remarks>The lock is for clients: their applications run beside them.</remarks>
internal sealed class ListenerList<TListener>(string eventName)
    where TListener : Delegate
{
    private readonly object _gate = new();
    private volatile TListener[] _listeners = [];

    public IDisposable Add(TListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (_gate)
            _listeners = [.. _listeners, listener];
        return new Subscription(this, listener);
    }

    /// <summary>Calls every listener; one that throws is reported and changes nothing for the others.</summary>
    public void Notify<TArgument>(TArgument argument, Action<TListener, TArgument> call, Action<string, Exception> failed)
    {
        foreach (TListener listener in _listeners)
        {
            try
            {
                call(listener, argument);
            }
            catch (Exception error)
            {
                failed(eventName, error);
            }
        }
    }

    private void Remove(TListener listener)
    {
        lock (_gate)
        {
            int index = Array.LastIndexOf(_listeners, listener);
            if (index >= 0)
                _listeners = [.. _listeners[..index], .. _listeners[(index + 1)..]];
        }
    }

    private sealed class Subscription(ListenerList<TListener> list, TListener listener) : IDisposable
    {
        private ListenerList<TListener>? _list = list;

        public void Dispose()
        {
            _list?.Remove(listener);
            _list = null;
        }
    }
}
