using Krmx.Load;

namespace Krmx.PeersBench.Wires;

/// <summary>SignalR's hub protocol in JSON, without negotiation.</summary>
internal sealed class SignalRWire : IWire
{
    private const string Separator = "\u001e";

    public string PathAndQuery => "/hub";

    public string Hello(int client) => "{\"protocol\":\"json\",\"version\":1}" + Separator;

    public bool IsReady(int client, ReadOnlySpan<byte> text, out string? reply)
    {
        reply = null;
        return text.StartsWith("{}"u8);
    }

    public string Message(string body) => $$"""{"type":1,"target":"Say","arguments":["{{body}}"]}""" + Separator;

    public string? KeepAlive(ReadOnlySpan<byte> text) => null;
}
