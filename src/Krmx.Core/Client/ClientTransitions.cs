using Phase = Krmx.Client.ClientPhase;
using Signal = Krmx.Client.ClientSignal;

namespace Krmx.Client;

/// <summary>The client's state machine as a table: what may happen in each phase, and where it leads.</summary>
/// <remarks>
/// <para>
/// A client is always in exactly one phase, and nothing else says where it is: <see cref="ClientStatus"/> is the phase with the details left
/// out. What is not in the table is not allowed. From the driver, who called at the wrong time, that is a <see cref="KrmxException"/>; from
/// the server, who broke the protocol, it is reported and ignored. Either way nothing has changed.
/// </para>
/// <para>
/// Three things a client may have asked the server for, a link, its end, the user's end, are phases rather than flags, since only one can be
/// under way at a time. Two of them take two steps. A link is accepted first and made when the own user is heard among the linked ones
/// (protocol section 4); in between everybody else is heard of. From a server that has the extension presence (section 10) the shared states follow,
/// and a word that this was all: only then is the request for the link answered. A user who leaves is unlinked first, and left follows. If the server had
/// unlinked the user by itself before it read the request, it answers that the connection is unlinked: too late, the user stays.
/// </para>
/// <para>
/// Connections come and go below that. A lost one leads to <see cref="Phase.Reconnecting"/> from any phase with an open connection, and one
/// that is closed on purpose is deaf from <see cref="Phase.Closing"/> on. What a client wants to be once it is back is not decided here but
/// by its driver. A link with a session (section 10) stays as it is while its connection is away, and goes on with the next one.
/// </para>
/// </remarks>
internal static class ClientTransitions
{
    private static readonly Dictionary<Phase, Dictionary<Signal, Phase>> Table = new()
    {
        [Phase.Disconnected] = new() { [Signal.Connecting] = Phase.Connecting },
        [Phase.Connecting] = Dialing(),
        [Phase.Reconnecting] = Dialing(),
        [Phase.Away] = new()
        {
            [Signal.Connected] = Phase.Back,
            [Signal.Send] = Phase.Away,
            [Signal.Abandon] = Phase.Reconnecting,
            [Signal.Closing] = Phase.Stopping,
            [Signal.Disconnected] = Phase.Disconnected,
        },
        [Phase.Back] = Open(new()
        {
            [Signal.Link] = Phase.Resuming,
            [Signal.Send] = Phase.Back,
            [Signal.Abandon] = Phase.Connected,
            [Signal.Suspended] = Phase.Away,
        }),
        [Phase.Resuming] = Open(new()
        {
            [Signal.Recovered] = Phase.Linked,
            [Signal.Accepted] = Phase.Entering,
            [Signal.Rejected] = Phase.Connected,
            [Signal.Send] = Phase.Resuming,
            [Signal.Suspended] = Phase.Away,
        }),
        [Phase.Stopping] = new() { [Signal.Disconnected] = Phase.Disconnected },

        [Phase.Connected] = Open(new() { [Signal.Link] = Phase.Linking, [Signal.OwnLeft] = Phase.Connected }),
        [Phase.Linking] = Open(new()
        {
            [Signal.Accepted] = Phase.Entering,
            [Signal.Mismatched] = Phase.FallingBack,
            [Signal.Rejected] = Phase.Connected,
            [Signal.OwnLeft] = Phase.Linking,
        }),
        [Phase.FallingBack] = Open(new()
        {
            [Signal.Accepted] = Phase.Entering,
            [Signal.Rejected] = Phase.Connected,
            [Signal.OwnLeft] = Phase.FallingBack,
        }),
        [Phase.Entering] = Open(new() { [Signal.OwnLinked] = Phase.Linked, [Signal.OwnLinkedEarly] = Phase.Arriving }),
        [Phase.Arriving] = Open(new()
        {
            [Signal.Send] = Phase.Arriving,
            [Signal.Ready] = Phase.Linked,
            [Signal.Unlink] = Phase.Unlinking,
            [Signal.Leave] = Phase.Leaving,
            [Signal.OwnUnlinked] = Phase.Connected,
        }),
        [Phase.Linked] = Open(new()
        {
            [Signal.Send] = Phase.Linked,
            [Signal.Unlink] = Phase.Unlinking,
            [Signal.Leave] = Phase.Leaving,
            [Signal.OwnUnlinked] = Phase.Connected,
            [Signal.Suspended] = Phase.Away,
        }),
        [Phase.Unlinking] = Open(new() { [Signal.Ready] = Phase.Unlinking, [Signal.OwnUnlinked] = Phase.Connected }),
        [Phase.Leaving] = Open(new() { [Signal.Ready] = Phase.Leaving, [Signal.OwnUnlinked] = Phase.Left }),
        [Phase.Left] = Open(new() { [Signal.OwnLeft] = Phase.Connected, [Signal.TooLate] = Phase.Connected }),
        [Phase.Closing] = new() { [Signal.Disconnected] = Phase.Disconnected },
    };

    /// <summary>Whether something may happen in a phase, and where it leads.</summary>
    public static bool TryGetNext(Phase from, Signal signal, out Phase next) => Table[from].TryGetValue(signal, out next);

    /// <summary>What the application is told of a phase.</summary>
    public static ClientStatus StatusOf(Phase phase) => phase switch
    {
        Phase.Disconnected => ClientStatus.Disconnected,
        Phase.Connecting => ClientStatus.Connecting,
        Phase.Reconnecting or Phase.Away or Phase.Back or Phase.Resuming => ClientStatus.Reconnecting,
        Phase.Connected => ClientStatus.Connected,
        Phase.Linking or Phase.FallingBack or Phase.Entering => ClientStatus.Linking,
        Phase.Arriving or Phase.Linked => ClientStatus.Linked,
        Phase.Unlinking or Phase.Leaving or Phase.Left => ClientStatus.Unlinking,
        _ => ClientStatus.Closing,
    };

    /// <summary>Whether a connection is open, or was until it was asked to close.</summary>
    public static bool HasConnection(Phase phase) => phase == Phase.Closing || IsHearing(phase);

    /// <summary>Whether what the server sends is listened to.</summary>
    public static bool IsHearing(Phase phase) => Table[phase].ContainsKey(Signal.Lost);

    /// <summary>Whether there is a connection on which the link is made.</summary>
    public static bool IsSending(Phase phase) => phase is Phase.Arriving or Phase.Linked or Phase.Unlinking or Phase.Leaving;

    /// <summary>Whether a link is there, which may be away for a moment.</summary>
    public static bool CanSend(Phase phase) => Table[phase].ContainsKey(Signal.Send);

    /// <summary>Whether the server tells of users.</summary>
    public static bool IsAmongUsers(Phase phase) => phase is Phase.Entering or Phase.Arriving or Phase.Linked or Phase.Unlinking or Phase.Leaving;

    /// <summary>Adds what may happen to every open connection.</summary>
    private static Dictionary<Signal, Phase> Open(Dictionary<Signal, Phase> row)
    {
        row.Add(Signal.Closing, Phase.Closing);
        row.Add(Signal.Lost, Phase.Reconnecting);
        row.Add(Signal.Disconnected, Phase.Disconnected);
        return row;
    }

    private static Dictionary<Signal, Phase> Dialing() => new()
    {
        [Signal.Connected] = Phase.Connected,
        [Signal.Closing] = Phase.Stopping,
        [Signal.Disconnected] = Phase.Disconnected,
    };
}
