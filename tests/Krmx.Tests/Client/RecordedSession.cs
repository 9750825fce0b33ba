using System.Text;
using Krmx.Client;
using Krmx.Protocol;

namespace Krmx.Tests.Client;

/// <summary>A client session without a host: what it does, and what its listeners hear, is written down in order.</summary>
internal sealed class RecordedSession : IClientOutput
{
    private readonly List<string> _log = [];

    public RecordedSession()
    {
        Session = new ClientSession(this);
        Session.OnStatus(status => Add($"status {status}"));
        Session.OnConnect(() => Add("connect"));
        Session.OnAccept(() => Add("accept"));
        Session.OnReject(reason => Add($"reject {reason}"));
        Session.OnJoin(name => Add($"join {name}"));
        Session.OnLink(name => Add($"link {name}"));
        Session.OnMessage(message => Add($"message {message}"));
        Session.OnUnlink(name => Add($"unlink {name}"));
        Session.OnLeave(name => Add($"leave {name}"));
        Session.OnClose(() => Add("close"));
    }

    public ClientSession Session { get; }

    public IClientInput Input => Session;

    public static RecordedSession Connected()
    {
        var session = new RecordedSession();
        session.Input.Connecting();
        session.Input.Connected();
        session.Take();
        return session;
    }

    public static RecordedSession Linked(string username)
    {
        RecordedSession session = Connected();
        session.Input.Link(username, null);
        session.Receive("krmx/accepted");
        session.ReceiveOf("krmx/joined", username);
        session.ReceiveOf("krmx/linked", username);
        session.Take();
        return session;
    }

    public void Receive(string type) => ReceiveText($$"""{"type":"{{type}}"}""");

    public void ReceiveOf(string type, string username) =>
        ReceiveText($$$"""{"type":"{{{type}}}","payload":{"username":"{{{username}}}"}}""");

    public void ReceiveRejected(string reason) => ReceiveText($$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""");

    public void ReceiveText(string text) => Input.FrameReceived(InboundFrame.Parse(Encoding.UTF8.GetBytes(text)));

    /// <summary>What happened since the last call.</summary>
    public string[] Take()
    {
        string[] taken = [.. _log];
        _log.Clear();
        return taken;
    }

    public void Add(string line) => _log.Add(line);

    void IClientOutput.Send(ReadOnlyMemory<byte> frame) => Add($"> {Encoding.UTF8.GetString(frame.Span)}");

    void IClientOutput.LinkEnded(RequestOutcome outcome) => Add($"linked? {Text(outcome)}");

    void IClientOutput.UnlinkEnded(RequestOutcome outcome) => Add($"unlinked? {Text(outcome)}");

    void IClientOutput.LeaveEnded(RequestOutcome outcome) => Add($"left? {Text(outcome)}");

    IDisposable IClientOutput.StartTimer(TimeSpan due, Action elapsed) => throw new NotSupportedException("No state is attached.");

    void IClientOutput.ProtocolViolated(string what) => Add($"violation {what}");

    void IClientOutput.PayloadRefused(string messageType, Exception error) => Add($"refused {messageType}");

    void IClientOutput.ListenerFailed(string eventName, Exception error) => Add($"failed {eventName} {error.Message}");

    private static string Text(RequestOutcome outcome) => outcome.Reason is null ? $"{outcome.Kind}" : $"{outcome.Kind} {outcome.Reason}";
}
