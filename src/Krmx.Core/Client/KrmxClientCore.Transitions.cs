using Krmx.Client;

namespace Krmx;

// The moves through the table.
public partial class KrmxClientCore
{
    /// <summary>Where a call of the driver leads.</summary>
    /// <exception cref="KrmxException">The call is not allowed now; nothing has changed.</exception>
    private ClientPhase Demand(ClientSignal call) => ClientTransitions.TryGetNext(_phase, call, out ClientPhase next)
        ? next
        : throw new KrmxException($"cannot {Verb(call)}: the client is {Status.ToString().ToLowerInvariant()}");

    /// <summary>Moves on where what the server says is allowed now.</summary>
    private bool TryMove(ClientSignal said)
    {
        if (!ClientTransitions.TryGetNext(_phase, said, out ClientPhase next))
            return false;
        Enter(next);
        return true;
    }

    private void Enter(ClientPhase phase)
    {
        ClientStatus before = Status;
        _phase = phase;
        ClientStatus status = Status;
        if (status != before)
            _events.Enqueue(() => _onStatus.Notify(status, static (listener, to) => listener(to), _output.ListenerFailed));
    }

    private static string Verb(ClientSignal call) => call switch
    {
        ClientSignal.Connecting => "connect",
        ClientSignal.Connected => "be connected",
        ClientSignal.Closing => "close",
        ClientSignal.Lost => "lose the connection",
        ClientSignal.Disconnected => "be disconnected",
        _ => call.ToString().ToLowerInvariant(),
    };
}
