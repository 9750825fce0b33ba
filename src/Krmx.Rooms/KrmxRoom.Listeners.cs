using System.Runtime.CompilerServices;
using Krmx.Rooms;
using Krmx.Storage;

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

    /// <summary>Calls an async listener for every message of one type, with its payload read.</summary>
    /// <inheritdoc cref="KrmxMessageExtensions.OnMessage{T}(KrmxRoomCore, Action{KrmxUser, T})"/>
    public IDisposable OnMessage<T>(Func<KrmxUser, T, Task> listener)
        where T : IKrmxMessage =>
        OnMessage(T.Type, listener);

    /// <summary>Sets what handles the requests of one type, and answers when it has ended.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnRequest{TRequest, TAnswer}(string, Func{KrmxUser, TRequest, TAnswer})"/>
    [OverloadResolutionPriority(1)] // an async lambda could be either
    public IDisposable OnRequest<TRequest, TAnswer>(string type, Func<KrmxUser, TRequest, Task<TAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return HandleRequests<TRequest, TAnswer>(type, (user, request, reply) => Watch("request", AnswerAsync(() => handler(user, request), reply)));
    }

    /// <summary>Sets what handles the requests of one type, and answers when it has ended.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnRequest{TRequest, TAnswer}(string, Func{KrmxUser, TRequest, TAnswer})"/>
    public IDisposable OnRequest<TRequest, TAnswer>(string type, Func<KrmxUser, TRequest, ValueTask<TAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return OnRequest(type, (KrmxUser user, TRequest request) => handler(user, request).AsTask());
    }

    /// <summary>Sets what handles the requests of one type, whatever their payload is, and answers when it has ended.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnRequest{TAnswer}(string, Func{KrmxUser, TAnswer})"/>
    [OverloadResolutionPriority(1)]
    public IDisposable OnRequest<TAnswer>(string type, Func<KrmxUser, Task<TAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return HandleRequests<TAnswer>(type, (user, reply) => Watch("request", AnswerAsync(() => handler(user), reply)));
    }

    /// <summary>Sets what handles the requests of one type, whatever their payload is, and answers when it has ended.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnRequest{TAnswer}(string, Func{KrmxUser, TAnswer})"/>
    public IDisposable OnRequest<TAnswer>(string type, Func<KrmxUser, ValueTask<TAnswer>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return OnRequest(type, (KrmxUser user) => handler(user).AsTask());
    }

    /// <summary>Answers in the turn in which a handler has ended; never throws.</summary>
    private static async Task AnswerAsync<TAnswer>(Func<Task<TAnswer>> handle, RoomReply<TAnswer> reply)
    {
        try
        {
            // A lambda that gives null is taken for one that gives a task.
            reply.Answer(handle() is Task<TAnswer> handling ? await handling.ConfigureAwait(true) : default!);
        }
        catch (RoomLostException)
        {
            // The request is gone as well, and is handled when the room is loaded anew.
        }
        catch (Exception error)
        {
            reply.Fail(error);
        }
    }

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
        catch (Exception error) when (error is OperationCanceledException or RoomLostException)
        {
            // A listener that was cancelled did not fail, nor one whose room is loaded anew.
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
