using System.Text;
using Krmx.Rooms;

namespace Krmx.Simulation;

/// <summary>Records what the server does, and authenticates as the link's auth text says.</summary>
public sealed class RecordingOutput : IRoomOutput
{
    /// <summary>What happened since this was last cleared.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>The server, for an authenticator that calls back in.</summary>
    public KrmxRoomCore? Server { get; set; }

    public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame) =>
        Effects.Add(new Effect(EffectKind.Frame, connection.Value, Encoding.UTF8.GetString(frame.Span)));

    public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
    {
        string text = Encoding.UTF8.GetString(frame.Span);
        foreach (ConnectionId connection in connections)
            Effects.Add(new Effect(EffectKind.Frame, connection.Value, text));
    }

    public void Close(ConnectionId connection, CloseCode code, string description) =>
        Effects.Add(new Effect(EffectKind.Close, connection.Value, $"{(int)code}"));

    public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout)
    {
        Effects.Add(new Effect(EffectKind.AuthStart, request.Connection.Value, $"{attempt} {request.Username} {request.Auth} {request.IsNewUser}"));
        switch (request.Auth)
        {
            case "later":
                return null;
            case "no":
                return LinkResult.Reject("no entry");
            case "kick":
                Try(() => Server!.Kick(request.Username));
                break;
        }
        return LinkResult.Accept;
    }

    public void CancelAuthentication(AttemptId attempt) => Effects.Add(new Effect(EffectKind.AuthCancel, 0, $"{attempt}"));

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        Effects.Add(new Effect(EffectKind.Violation, connection.Value, username));

    public void PayloadRefused(string username, string messageType, Exception error) =>
        Effects.Add(new Effect(EffectKind.ListenerFailed, 0, error.Message));

    public void ListenerFailed(string eventName, Exception error) =>
        Effects.Add(new Effect(EffectKind.ListenerFailed, 0, error.Message));

    /// <summary>Makes a call of the application; a refusal is an effect.</summary>
    public void Try(Action call)
    {
        try
        {
            call();
        }
        catch (KrmxException refusal)
        {
            Effects.Add(new Effect(EffectKind.Refused, 0, refusal.Message));
        }
    }
}
