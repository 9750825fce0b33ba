namespace Krmx.Simulation;

/// <summary>The kinds of things that happen to a server.</summary>
public enum StepKind
{
    Open,
    Link,

    /// <summary>A link for somebody who is linked, where anybody is.</summary>
    Rival,
    Message,
    Unlink,
    Leave,
    Hostile,
    Lose,
    AuthAccept,
    AuthReject,
    Answer,
    PassTime,
    AppJoin,
    AppUnlink,
    AppKick,
    AppSend,
    AppBroadcast,
    AppBroadcastExcept,
    AppReserved,
    ToggleNewUsers,
    AppSetMeta,
    AppSetAlarm,
    AppCancelAlarm,

    /// <summary>A link of a client that begins a session.</summary>
    LinkWithSession,

    /// <summary>A link of a client that wants to go on where it left off.</summary>
    Resume,

    /// <summary>A client says how much it has had.</summary>
    Ack,

    /// <summary>Many messages of one client.</summary>
    Burst,

    /// <summary>A client with a session loses its connection.</summary>
    LoseWithSession,

    /// <summary>A time passes that is short beside the time in which an ack is sent.</summary>
    PassMoment,
    CloseServer,
}

/// <summary>What a listener does when it is called.</summary>
public enum Reaction
{
    None,
    Kick,
    Join,
    Unlink,
    Send,
    Broadcast,
    Throw,
    RefuseNewUsers,
    SetMeta,
    SetAlarm,
    CancelAlarm,
}

/// <summary>One thing that happens. Its numbers are taken modulo what there is, so a step means something in any history.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Connection">To which connection.</param>
/// <param name="Name">To which user.</param>
/// <param name="Choice">Which of the kind's variants.</param>
/// <param name="Reaction">What a listener does meanwhile.</param>
/// <param name="ReactionName">To which user it does it.</param>
/// <param name="ReactionAt">At which event of the step it does it, counted from 0.</param>
public readonly record struct Step(
    StepKind Kind, int Connection, int Name, int Choice = 0, Reaction Reaction = Reaction.None, int ReactionName = 0, int ReactionAt = 0);
