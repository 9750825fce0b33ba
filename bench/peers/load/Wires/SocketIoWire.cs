using Krmx.Load;

namespace Krmx.PeersBench.Wires;

/// <summary>Socket.IO 4 over engine.io 4, with WebSockets from the start.</summary>
internal sealed class SocketIoWire : IWire
{
    public string PathAndQuery => "/socket.io/?EIO=4&transport=websocket";

    public string? Hello(int client) => null;

    public bool IsReady(int client, ReadOnlySpan<byte> text, out string? reply)
    {
        reply = text.StartsWith("0"u8) ? "40" : null;
        return text.StartsWith("40"u8);
    }

    public string Message(string body) => $"42[\"say\",\"{body}\"]";

    public string? KeepAlive(ReadOnlySpan<byte> text) => text.SequenceEqual("2"u8) ? "3" : null;
}
