using System.Net;
using System.Net.Sockets;

namespace Krmx.Cli.Serve;

/// <summary>How a relay server runs.</summary>
/// <param name="Host">localhost, * or an IP address.</param>
/// <param name="Port">The port; 0 takes any.</param>
internal sealed record RelayOptions(string Host, int Port)
{
    /// <summary>Whether there is a room for each path <c>/rooms/NAME</c>.</summary>
    public bool HasRooms { get; init; }

    /// <summary>Whether who sends a message receives it too.</summary>
    public bool IncludesSender { get; init; }

    /// <summary>The file that rooms are kept in; null where they end with the process.</summary>
    public string? Store { get; init; }

    /// <summary>Whether messages and the server's log are shown.</summary>
    public bool IsVerbose { get; init; }

    public string Url
    {
        get
        {
            // "localhost" is two addresses, for which the system cannot find one free port.
            string host = Port == 0 && Host == "localhost" ? "127.0.0.1" : Host;
            bool isSix = IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;
            return $"http://{(isSix ? $"[{address}]" : host)}:{Port}";
        }
    }

    public string Route => HasRooms ? "/rooms/{room}" : "/";
}
