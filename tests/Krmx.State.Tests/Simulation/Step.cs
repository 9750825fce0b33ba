namespace Krmx.State.Tests.Simulation;

/// <summary>What happens in one step of a simulation; where it makes no sense at that time, nothing does.</summary>
internal enum StepKind
{
    ToServer,
    ToClient,
    DeliverAll,
    Connect,
    Drop,
    DropForGood,
    Link,
    Unlink,
    Leave,
    Act,
    Write,
    Set,
    Raw,
    Meaningless,
    ServerAct,
    ServerUpdate,
    ServerWrite,
    ServerSet,
    ServerUnlink,
    ServerKick,
    ServerJoin,
    Wait,
}

/// <summary>When a listener does something of its own.</summary>
internal enum Moment
{
    Never,
    ServerJoin,
    ServerLink,
    ServerUnlink,
    ServerLeave,
    ServerMessage,
    ServerChange,
    ClientStatus,
    ClientLink,
    ClientUnlink,
    ClientChange,
    ClientCompleted,
}

/// <summary>One choice of a simulation.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Client">Which client does it.</param>
/// <param name="Choice">What it is about; what that means depends on the kind.</param>
/// <param name="Moment">When a listener does something of its own, once, before the step is over.</param>
/// <param name="Reaction">What the listener does.</param>
/// <param name="ReactionChoice">What that is about.</param>
internal readonly record struct Step(
    StepKind Kind, int Client, int Choice, Moment Moment = Moment.Never, StepKind Reaction = default, int ReactionChoice = 0);
