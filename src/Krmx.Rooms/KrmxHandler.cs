namespace Krmx;

/// <summary>A room's handlers as a class: one object for each room, made with services of the room's scope, called in the room's turns.</summary>
/// <remarks>Override what matters. A handler that is <see cref="IDisposable"/> or <see cref="IAsyncDisposable"/> is disposed of with its room.</remarks>
public abstract class KrmxHandler
{
    private KrmxRoom? _room;

    /// <summary>The room; not there yet in the constructor.</summary>
    /// <exception cref="InvalidOperationException">Asked for in the constructor.</exception>
    protected KrmxRoom Room => _room ?? throw new InvalidOperationException("The room is there from Configure on, not in the constructor.");

    /// <summary>Whether the class decides about links itself; where it does not, <see cref="Configure"/> may say who does.</summary>
    private bool IsAuthenticating =>
        ((Func<LinkRequest, CancellationToken, ValueTask<LinkResult>>)OnAuthenticateAsync).Method.DeclaringType != typeof(KrmxHandler);

    internal void Attach(KrmxRoom room)
    {
        _room = room;
        Configure();
        if (IsAuthenticating)
            room.OnAuthenticate(OnAuthenticateAsync);
        room.OnOpen(OnOpenAsync);
        room.OnJoin(OnJoinAsync);
        room.OnLink(OnLinkAsync);
        room.OnMessage(OnMessageAsync);
        room.OnUnlink(OnUnlinkAsync);
        room.OnSessionEnded(OnSessionEndedAsync);
        room.OnLeave(OnLeaveAsync);
        room.OnAlarm(OnAlarmAsync);
        room.OnClose(OnCloseAsync);
    }

    /// <summary>Called once before the room opens: the place for <c>Room.OnMessage&lt;T&gt;(…)</c>.</summary>
    protected virtual void Configure()
    {
    }

    /// <summary>Decides about a link. Default: accepted, unless <see cref="Configure"/> has set who decides.</summary>
    /// <param name="link">Who asks for what.</param>
    /// <param name="cancellationToken">Cancelled when the answer is not needed any more.</param>
    protected virtual ValueTask<LinkResult> OnAuthenticateAsync(LinkRequest link, CancellationToken cancellationToken) =>
        ValueTask.FromResult(LinkResult.Accept);

    /// <summary>The room opens: the place to load what it needs. Nobody is let in before it has ended; if it throws, nobody is.</summary>
    protected virtual Task OnOpenAsync() => Task.CompletedTask;

    /// <summary>A user has joined, and is not linked yet.</summary>
    protected virtual Task OnJoinAsync(KrmxUser user) => Task.CompletedTask;

    /// <summary>A user is linked; its <see cref="KrmxUser.Link"/> says whether the client goes on where it left off.</summary>
    protected virtual Task OnLinkAsync(KrmxUser user) => Task.CompletedTask;

    /// <summary>A user sent a message.</summary>
    protected virtual Task OnMessageAsync(KrmxUser user, KrmxMessage message) => Task.CompletedTask;

    /// <summary>A user is no longer linked.</summary>
    protected virtual Task OnUnlinkAsync(KrmxUser user, UnlinkReason reason) => Task.CompletedTask;

    /// <summary>A user's session has ended: its client is told how things are when it comes back, rather than what it has missed.</summary>
    protected virtual Task OnSessionEndedAsync(KrmxUser user, SessionEndReason reason) => Task.CompletedTask;

    /// <summary>A user has left.</summary>
    protected virtual Task OnLeaveAsync(KrmxUser user) => Task.CompletedTask;

    /// <summary>An alarm rings that was set with <c>Room.SetAlarm</c>; it is gone, and may be set again.</summary>
    protected virtual Task OnAlarmAsync(string name) => Task.CompletedTask;

    /// <summary>The room has closed.</summary>
    protected virtual Task OnCloseAsync() => Task.CompletedTask;
}
