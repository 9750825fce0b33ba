namespace Krmx;

// Async listeners: awaits come back to a turn of the room, and what they throw is reported like any listener's exception.
public partial class KrmxRoom
{
    private readonly List<Task> _opening = [];

    /// <summary>Calls an async listener when the room opens; nobody is let in before it has ended.</summary>
    /// <remarks>One that throws keeps the room closed: whoever wanted to come in is refused, and who comes next finds a new room.</remarks>
    /// <inheritdoc cref="KrmxRoomCore.OnOpen(Action)"/>
    public IDisposable OnOpen(Func<Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnOpen(() => _opening.Add(listener()));
    }

    /// <summary>Calls an async listener when a user has joined.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnJoin(Action{KrmxUser})"/>
    public IDisposable OnJoin(Func<KrmxUser, Task> listener) => OnJoin(Watched("join", listener));

    /// <summary>Calls an async listener when a user is linked.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnLink(Action{KrmxUser})"/>
    public IDisposable OnLink(Func<KrmxUser, Task> listener) => OnLink(Watched("link", listener));

    /// <summary>Calls an async listener when a user is linked.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnLink(Action{KrmxUser, KrmxLink})"/>
    public IDisposable OnLink(Func<KrmxUser, KrmxLink, Task> listener) => OnLink(Watched("link", listener));

    /// <summary>Calls an async listener when a user is no longer linked.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnUnlink(Action{KrmxUser})"/>
    public IDisposable OnUnlink(Func<KrmxUser, Task> listener) => OnUnlink(Watched("unlink", listener));

    /// <summary>Calls an async listener when a user is no longer linked.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnUnlink(Action{KrmxUser, UnlinkReason})"/>
    public IDisposable OnUnlink(Func<KrmxUser, UnlinkReason, Task> listener) => OnUnlink(Watched("unlink", listener));

    /// <summary>Calls an async listener when a user's session has ended.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnSessionEnded(Action{KrmxUser, SessionEndReason})"/>
    public IDisposable OnSessionEnded(Func<KrmxUser, SessionEndReason, Task> listener) => OnSessionEnded(Watched("session end", listener));

    /// <summary>Calls an async listener when a user has left.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnLeave(Action{KrmxUser})"/>
    public IDisposable OnLeave(Func<KrmxUser, Task> listener) => OnLeave(Watched("leave", listener));

    /// <summary>Calls an async listener when the room has closed.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnClose(Action)"/>
    public IDisposable OnClose(Func<Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnClose(() => Watch("close", listener()));
    }

    /// <summary>Calls an async listener for every message of the application.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnMessage(Action{KrmxUser, KrmxMessage})"/>
    public IDisposable OnMessage(Func<KrmxUser, KrmxMessage, Task> listener) => OnMessage(Watched("message", listener));

    /// <summary>Calls an async listener for every message of one type.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnMessage(string, Action{KrmxUser, KrmxMessage})"/>
    public IDisposable OnMessage(string type, Func<KrmxUser, KrmxMessage, Task> listener) => OnMessage(type, Watched("message", listener));

    /// <summary>Calls an async listener for every message of one type, with its payload read.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnMessage{T}(string, Action{KrmxUser, T})"/>
    public IDisposable OnMessage<T>(string type, Func<KrmxUser, T, Task> listener) => OnMessage(type, Watched("message", listener));

    private Action<T> Watched<T>(string eventName, Func<T, Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return argument => Watch(eventName, listener(argument));
    }

    private Action<T1, T2> Watched<T1, T2>(string eventName, Func<T1, T2, Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return (first, second) => Watch(eventName, listener(first, second));
    }

    private async void Watch(string eventName, Task listener)
    {
        _listeners.Begin();
        try
        {
            await listener.ConfigureAwait(true);
        }
        catch (OperationCanceledException)
        {
            // A listener that was cancelled did not fail.
        }
        catch (Exception error)
        {
            _diagnostics.ListenerFailed(eventName, error);
        }
        finally
        {
            _listeners.End();
        }
    }
}
