using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Krmx.Load.Connections;

/// <summary>The same over TLS.</summary>
internal sealed class TlsTransport : Transport
{
    private readonly SslStream _tls;
    private readonly SslClientAuthenticationOptions _options;

    public TlsTransport(Socket socket, SslClientAuthenticationOptions options)
        : base(socket)
    {
        _tls = new SslStream(new TlsRecords(socket));
        _options = options;
    }

    public override void Connect(DnsEndPoint server)
    {
        base.Connect(server);
        _tls.AuthenticateAsClient(_options);
    }

    public override int Receive(Span<byte> buffer, out SocketError error)
    {
        error = SocketError.Success;
        if (!Socket.Blocking && Socket.Available == 0 && !Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            error = SocketError.WouldBlock;
            return 0;
        }
        return _tls.Read(buffer);
    }

    public override void Dispose()
    {
        base.Dispose();
        _tls.Dispose();
    }

    protected override void Write(ReadOnlySpan<byte> bytes) => _tls.Write(bytes);
}
