using System.Net;
using System.Net.Sockets;

namespace Krmx.Cli.Serve;

/// <summary>How a relay server runs.</summary>
/// <param name="Host">localhost, * or an IP address.</param>
/// <param name="Port">The port; 0 takes any.</param>
/// <param name="HasRooms">Whether there is a room for each path <c>/rooms/NAME</c>.</param>
/// <param name="IncludesSender">Whether who sends a message receives it too.</param>
/// <param name="IsVerbose">Whether messages and the server's log are shown.</param>
internal sealed record RelayOptions(string Host, int Port, bool HasRooms, bool IncludesSender, bool IsVerbose)
{
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
