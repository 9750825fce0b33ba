using System.Net.Sockets;
using System.Text;

namespace Krmx.Conformance.Harness;

/// <summary>A WebSocket of nothing but bytes: it links, and from then on answers nothing.</summary>
internal static class DeafConnection
{
    public static async Task<IDisposable> LinkAsync(Uri uri, string linkFrame)
    {
        var client = new TcpClient();
        await client.ConnectAsync(uri.Host, uri.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var answer = new StringBuilder();
        byte[] one = new byte[1];
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1)
            answer.Append((char)one[0]);

        // A final text frame of less than 126 bytes, masked with zeros.
        byte[] text = Encoding.UTF8.GetBytes(linkFrame);
        await stream.WriteAsync((byte[])[0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0, .. text]);
        return client;
    }
}
