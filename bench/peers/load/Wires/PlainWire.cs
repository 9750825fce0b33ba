using Krmx.Load;

namespace Krmx.PeersBench.Wires;

/// <summary>No protocol: the server greets, and what a client says goes to all.</summary>
internal sealed class PlainWire : IWire
{
    public string PathAndQuery => "/ws";

    public string? Hello(int client) => null;

    public bool IsReady(int client, ReadOnlySpan<byte> text, out string? reply)
    {
        reply = null;
        return text.SequenceEqual("ready"u8);
    }

    public string Message(string body) => body;

    public string? KeepAlive(ReadOnlySpan<byte> text) => null;
}
