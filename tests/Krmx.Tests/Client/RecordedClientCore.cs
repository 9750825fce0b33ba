using System.Text;
using Krmx.Client;
using Krmx.Protocol;

namespace Krmx.Tests.Client;

/// <summary>A client core without a host: what it does, and what its listeners hear, is written down in order.</summary>
internal sealed class RecordedClientCore : IClientOutput
{
    private readonly List<string> _log = [];

    public RecordedClientCore()
    {
        Core = new KrmxClientCore(this);
        Core.OnStatus(status => Add($"status {status}"));
        Core.OnConnect(() => Add("connect"));
        Core.OnAccept(() => Add("accept"));
        Core.OnReject(reason => Add($"reject {reason}"));
        Core.OnJoin(name => Add($"join {name}"));
        Core.OnLink(name => Add($"link {name}"));
        Core.OnMessage(message => Add($"message {message}"));
        Core.OnUnlink(name => Add($"unlink {name}"));
        Core.OnLeave(name => Add($"leave {name}"));
        Core.OnRecover(() => Add("recover"));
        Core.OnGap(gap => Add($"gap {string.Join(' ', gap.Unconfirmed)}".TrimEnd()));
        Core.OnClose(() => Add("close"));
    }

    public KrmxClientCore Core { get; }

    public IClientInput Input => Core;

    public bool IsCongested { get; set; }

    public bool IsBehind { get; set; }

    /// <summary>What has become of the link, as the driver was told.</summary>
    public List<LinkChange> Changes { get; } = [];

    public static RecordedClientCore Connected()
    {
        var core = new RecordedClientCore();
        core.Input.Connecting();
        core.Input.Connected();
        core.Take();
        return core;
    }

    public static RecordedClientCore Linked(string username)
    {
        RecordedClientCore core = Connected();
        core.Input.Link(username, null);
        core.Receive("krmx/accepted");
        core.ReceiveOf("krmx/joined", username);
        core.ReceiveOf("krmx/linked", username);
        core.Take();
        return core;
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

    bool IClientOutput.IsCongested => IsCongested;

    /// <summary>What its links' sessions are known by; none by default.</summary>
    public string? SessionKey { get; set; }

    void IClientOutput.Confirmed()
    {
    }

    void IClientOutput.Send(ReadOnlyMemory<byte> frame) => Add($"> {Encoding.UTF8.GetString(frame.Span)}");

    void IClientOutput.LinkChanged(LinkChange change) => Changes.Add(change);

    void IClientOutput.RequestEnded(ClientRequest request, RequestOutcome outcome) => Add($"{request} ended: {Text(outcome)}");

    IDisposable IClientOutput.StartTimer(TimeSpan due, Action elapsed) => throw new NotSupportedException("No state is attached.");

    void IClientOutput.ProtocolViolated(string what) => Add($"violation {what}");

    void IClientOutput.PayloadRefused(string messageType, Exception error) => Add($"refused {messageType}");

    void IClientOutput.ListenerFailed(string eventName, Exception error) => Add($"failed {eventName} {error.Message}");

    private static string Text(RequestOutcome outcome) => outcome.Reason is null ? $"{outcome.Kind}" : $"{outcome.Kind} {outcome.Reason}";
}
