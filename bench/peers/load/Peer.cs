using Krmx.Load;
using Krmx.PeersBench.Wires;

namespace Krmx.PeersBench;

/// <summary>A server that is measured.</summary>
/// <param name="Name">How the command line and the results name it.</param>
/// <param name="Command">The program and its arguments, for a port.</param>
/// <param name="Wire">What it speaks.</param>
internal sealed record Peer(string Name, Func<int, string[]> Command, IWire Wire)
{
    public const string Ours = "krmx.net", Npm = "@krmx/server", SignalR = "SignalR", SocketIo = "Socket.IO", Ws = "ws", Kestrel = "Kestrel", Bare = "bare Kestrel";

    /// <summary>All that are measured; the bare one only for its memory, as it relays nothing.</summary>
    public static IReadOnlyList<Peer> All(string artifacts, string peers)
    {
        return
        [
            new Peer(Ours, Dotnet("krmx"), new KrmxWire("/krmx")),
            new Peer(Npm, Node("krmx"), new KrmxWire("/")),
            new Peer(SignalR, Dotnet("signalr"), new SignalRWire()),
            new Peer(SocketIo, Node("socketio"), new SocketIoWire()),
            new Peer(Ws, Node("ws"), new PlainWire()),
            new Peer(Kestrel, Dotnet("kestrel"), new PlainWire()),
            new Peer(Bare, Dotnet("bare"), new PlainWire()),
        ];

        Func<int, string[]> Dotnet(string name) =>
            port => ["dotnet", $"{artifacts}/bin/{name}-server/release/{name}-server.dll", "--urls", $"http://127.0.0.1:{port}"];

        Func<int, string[]> Node(string name) => port => ["node", $"{peers}/node/{name}.mjs", $"{port}"];
    }
}
