using System.Text.Json;
using Krmx.Client;
using Krmx.Protocol;

namespace Krmx;

/// <summary>A client's side of the protocol: the link, the users it has been told of, and the events.</summary>
/// <remarks>
/// <para>
/// A synchronous state machine without IO, clock or threads. Its driver feeds it through <see cref="IClientInput"/>, it acts through
/// <see cref="IClientOutput"/>. Whatever a server sends, it never throws: what the protocol does not allow is reported and ignored.
/// </para>
/// <para>
/// Where it is and what may happen is one table, <c>ClientTransitions</c>. State changes first; events follow in the order of the changes. <see cref="Status"/>, <see cref="Username"/> and <see cref="Users"/> may
/// be read from any thread, and listeners added and removed.
/// </para>
/// </remarks>
public partial class KrmxClientCore
{
    private readonly IClientOutput _output;
    private readonly JsonSerializerOptions _json;
    private readonly ClientRoster _roster = new();
    private ClientPhase _phase;
    private LinkPayload _link; // the one that was asked for last
    private KrmxExtensions _extensions; // those the link has
    private bool _retriesConflict;
    private ClientRequest? _request;
    private string? _formerUsername; // who may still be told to have left
    private bool _comesBack; // the link that ended last is to be made anew
    private ProtocolVersion _version = ProtocolVersion.Current;

    /// <summary>Makes a client that is not connected.</summary>
    /// <param name="output">Where its effects go.</param>
    /// <param name="json">How payloads of typed messages are read and written. Default: <see cref="KrmxJson.Options"/>.</param>
    public KrmxClientCore(IClientOutput output, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _json = json ?? KrmxJson.Options;
    }

    /// <summary>Where the client is between nothing and being linked.</summary>
    public ClientStatus Status => ClientTransitions.StatusOf(_phase);

    /// <summary>The user the client is linked to; null while it is not.</summary>
    public string? Username { get; private set; }

    /// <summary>The users of the server in the order they joined, the own one included; empty while not linked.</summary>
    public IReadOnlyList<ClientUser> Users => _roster.Users;

    /// <summary>
    /// How many users there are, in a room that tells no more: <see cref="Users"/> is the own one then. Null in others, and while not linked. Protocol
    /// section 10.
    /// </summary>
    public ClientUserCount? UserCount => _roster.Count;

    /// <summary>How payloads are read and written.</summary>
    internal JsonSerializerOptions Json => _json;

    /// <summary>Does something when no input is being handled: at once, or as soon as the driver's other work is done.</summary>
    /// <param name="action">What to do; must not throw.</param>
    protected internal virtual void RunSerially(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        action();
    }

    /// <summary>Whether so much waits to be sent that no more is taken.</summary>
    internal bool IsCongested => _output.IsCongested;

    /// <summary>Sends a frame of shared state.</summary>
    internal void SendFrame(byte[] frame)
    {
        Demand(ClientSignal.Send);
        SendOnce(frame, message: null);
    }

    /// <summary>Whether the link that ended last is to be made anew.</summary>
    internal bool ComesBack => _comesBack;

    /// <summary>Whether something can be sent: the client is linked, or comes back to its link.</summary>
    internal bool CanSend => ClientTransitions.CanSend(_phase);

    /// <summary>Starts a timer whose end is an input.</summary>
    internal IDisposable StartTimer(TimeSpan due, Action elapsed) => _output.StartTimer(due, () =>
    {
        elapsed();
        Settle();
    });

    /// <summary>Reports a message of the server that was not understood.</summary>
    internal void ReportRefused(string messageType, Exception error) => _output.PayloadRefused(messageType, error);

    /// <summary>Reports what the application's own code threw.</summary>
    internal void ReportFailed(string what, Exception error) => _output.ListenerFailed(what, error);
}
