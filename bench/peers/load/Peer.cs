using Krmx.Load;
using Krmx.PeersBench.Wires;

namespace Krmx.PeersBench;

/// <summary>A server that is measured.</summary>
/// <param name="Name">How the command line and the results name it.</param>
/// <param name="Command">The program and its arguments, for the address where it is to listen.</param>
/// <param name="Wire">What it speaks.</param>
/// <param name="WarmUp">How long a load runs at least before it is measured.</param>
internal sealed record Peer(string Name, Func<Uri, string[]> Command, IWire Wire, TimeSpan WarmUp)
{
    /// <summary>Is compared with and is no server that is started: see <see cref="KernelFloor"/>.</summary>
    public const string Kernel = "the kernel";

    public const string Ours = "krmx.net", WithPresence = "krmx.net with presence", WithSessions = "krmx.net with sessions", Before = "krmx.net before", Npm = "@krmx/server", SignalR = "SignalR", SocketIo = "Socket.IO", Ws = "ws", Kestrel = "Kestrel", Bare = "bare Kestrel";

    /// <summary>All that are measured; the bare one only for its memory, as it relays nothing.</summary>
    /// <param name="artifacts">Where the .NET servers were built.</param>
    /// <param name="before">Where this library's server was built from an earlier commit; null without one.</param>
    /// <param name="peers">The folder of the Node servers.</param>
    public static IReadOnlyList<Peer> All(string artifacts, string? before, string peers)
    {
        return
        [
            Dotnet(Ours, artifacts, "krmx", new KrmxWire("/krmx")),
            Dotnet(WithPresence, artifacts, "krmx", new KrmxWire("/krmx") { HasPresence = true }),
            Dotnet(WithSessions, artifacts, "krmx", new KrmxWire("/krmx") { Resumes = true }),
            .. before is null ? [] : new[] { Dotnet(Before, before, "krmx", new KrmxWire("/krmx")) },
            Node(Npm, "krmx", new KrmxWire("/")),
            Dotnet(SignalR, artifacts, "signalr", new SignalRWire()),
            Node(SocketIo, "socketio", new SocketIoWire()),
            Node(Ws, "ws", new PlainWire()),
            Dotnet(Kestrel, artifacts, "kestrel", new PlainWire()),
            Dotnet(Bare, artifacts, "bare", new PlainWire()),
        ];

        static Peer Dotnet(string name, string folder, string server, IWire wire) => new(
            name,
            address => ["dotnet", $"{folder}/bin/{server}-server/release/{server}-server.dll", "--urls", address.GetLeftPart(UriPartial.Authority)],
            wire,
            TimeSpan.FromSeconds(30));

        Peer Node(string name, string server, IWire wire) =>
            new(name, address => ["node", $"{peers}/node/{server}.mjs", $"{address.Port}"], wire, TimeSpan.FromSeconds(10));
    }
}
