using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Krmx.Load;

namespace Krmx.PeersBench;

/// <summary>A peer's process, pinned to a core of its own.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private const int ServerCore = 0;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private PeerServer(Process process, int port, Certificate? certificate)
    {
        _process = process;
        Tls = certificate?.Trust;
        Address = new DnsEndPoint("127.0.0.1", port);
        Probe = new ProcessProbe(process.Id);
    }

    public DnsEndPoint Address { get; }

    public ProcessProbe Probe { get; }

    /// <summary>How it is reached over TLS; null where it listens without.</summary>
    public SslClientAuthenticationOptions? Tls { get; }

    /// <param name="peer">Which.</param>
    /// <param name="certificate">For a server that listens over TLS; null for one that does not.</param>
    public static async Task<PeerServer> StartAsync(Peer peer, Certificate? certificate)
    {
        int port = FreePort();
        var address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{port}");
        var start = new ProcessStartInfo("taskset", ["-c", ServerCore.ToString(CultureInfo.InvariantCulture), .. peer.Command(address)])
        {
            RedirectStandardOutput = true,
        };
        if (certificate is not null)
        {
            start.Environment["Kestrel__Certificates__Default__Path"] = certificate.Path;
            start.Environment["Kestrel__Certificates__Default__KeyPath"] = certificate.KeyPath;
        }
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var server = new PeerServer(process, port, certificate);
        long began = Stopwatch.GetTimestamp();
        while (!await server.ListensAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > StartLimit)
                throw new LoadException($"{peer.Name} did not start: {string.Join(' ', peer.Command(address))}");
            await Task.Delay(50);
        }
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        Probe.Dispose();
        _process.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
