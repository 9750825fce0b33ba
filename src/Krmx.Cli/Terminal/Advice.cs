using System.Net.Sockets;
using System.Security.Authentication;

namespace Krmx.Cli.Terminal;

/// <summary>What a person can do about a socket that failed.</summary>
internal static class Advice
{
    /// <returns>What stands behind the description of the error; empty where that says enough.</returns>
    public static string For(Exception error) => error.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "; is a server running there?",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "; is the host's name right?",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "; choose another with --port, or 0 for any that is free",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "; --host must be an address of this machine",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "; ports below 1024 may need an administrator, others do not",
        AuthenticationException => "; wss:// needs a server that speaks TLS, with a certificate that this machine trusts",
        _ => "",
    };
}
