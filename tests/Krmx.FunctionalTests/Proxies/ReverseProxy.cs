using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Krmx.FunctionalTests.Operations;
using Krmx.FunctionalTests.Processes;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Proxies;

/// <summary>nginx or HAProxy before a server, with TLS and the configuration that docs/operations.md shows.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    private const string ShownTimeout = "60s";

    private readonly string _name;
    private readonly string _idleTimeout;
    private readonly X509Certificate2 _certificate = TestCertificate.Create();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("krmx-proxy-");
    private Process _process = null!;
    private Task<string> _errors = null!;

    private ReverseProxy(string name, int serverPort, string idleTimeout)
    {
        _name = name;
        _idleTimeout = idleTimeout;
        File.WriteAllText(Path("krmx.crt"), _certificate.ExportCertificatePem());
        File.WriteAllText(Path("krmx.key"), PrivateKeyPem());
        File.WriteAllText(Path("krmx.pem"), $"{_certificate.ExportCertificatePem()}\n{PrivateKeyPem()}\n");
        File.WriteAllText(Path("proxy.conf"), name == "nginx" ? NginxConfiguration(serverPort) : HaproxyConfiguration(serverPort));
    }

    public int Port { get; } = ServerProcess.FreePort();

    /// <summary>Starts a proxy before a server that need not be there yet.</summary>
    /// <param name="name"><c>nginx</c> or <c>haproxy</c>.</param>
    /// <param name="serverPort">The server's port.</param>
    /// <param name="idleTimeout">After how much silence it cuts a connection.</param>
    public static async Task<ReverseProxy> StartAsync(string name, int serverPort, string idleTimeout = ShownTimeout)
    {
        var proxy = new ReverseProxy(name, serverPort, idleTimeout);
        await proxy.StartAsync();
        return proxy;
    }

    public string Url(string path = "/krmx") => $"wss://localhost:{Port}{path}";

    /// <summary>Options of a client that trusts the proxy's certificate, and no other.</summary>
    public KrmxClientOptions Trusting(KrmxClientOptions options) => new(options)
    {
        ConfigureSocket = socket => socket.RemoteCertificateValidationCallback = IsTrusted,
    };

    public bool IsTrusted(object sender, X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors) => _certificate.Equals(presented);

    /// <summary>Starts it, once more after it was killed, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        string[] arguments = _name == "nginx" ? ["-e", "stderr", "-c", Path("proxy.conf")] : ["-db", "-f", Path("proxy.conf")];
        _process = Process.Start(new ProcessStartInfo(Program(_name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
        await Patience.Until(async () => _process.HasExited || await IsListeningAsync(), $"{_name} listens");
        if (_process.HasExited)
            Assert.Fail($"{_name} ended: {await _errors}");
    }

    /// <summary>Ends it without a goodbye to anybody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The shown part stands in the <c>http</c> block; around it is what a package's own nginx.conf has, in a folder of the test.</summary>
    private string NginxConfiguration(int serverPort)
    {
        string server = OperationsGuide.Block(
            "nginx",
            ("listen 443 ssl", $"listen 127.0.0.1:{Port} ssl"),
            ("127.0.0.1:8082", $"127.0.0.1:{serverPort}"),
            ("/etc/nginx/krmx", Path("krmx")),
            (ShownTimeout, _idleTimeout));
        string[] kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        return $$"""
            daemon off;
            master_process off;
            pid {{Path("nginx.pid")}};
            events {}
            http {
            access_log off;
            {{string.Join('\n', kinds.Select(kind => $"{kind}_temp_path {Path(kind)};"))}}
            {{server}}
            }
            """;
    }

    private string HaproxyConfiguration(int serverPort) => OperationsGuide.Block(
        "haproxy",
        ("bind :443", $"bind 127.0.0.1:{Port}"),
        ("127.0.0.1:8082", $"127.0.0.1:{serverPort}"),
        ("/etc/haproxy/krmx", Path("krmx")),
        (ShownTimeout, _idleTimeout));

    private static string Program(string name)
    {
        // Where Debian puts it, and where those who are not root do not look.
        string program = $"/usr/sbin/{name}";
        return File.Exists(program) ? program : name;
    }

    private string Path(string file) => System.IO.Path.Combine(_folder.FullName, file);

    private string PrivateKeyPem()
    {
        using var key = _certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private async Task<bool> IsListeningAsync()
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, Port).Soon();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
