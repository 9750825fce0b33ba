using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Krmx.PeersBench;

/// <summary>A certificate for the servers that are measured over TLS, made for this run, of the kind that authorities give today.</summary>
internal sealed class Certificate : IDisposable
{
    private const string Host = "localhost";

    private readonly X509Certificate2 _certificate;

    /// <summary>Makes one.</summary>
    /// <param name="folder">Where its files are put.</param>
    public Certificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        (Path, KeyPath) = (System.IO.Path.Combine(folder, "peers.crt"), System.IO.Path.Combine(folder, "peers.key"));
        File.WriteAllText(Path, _certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        Trust = new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
    }

    public string Path { get; }

    public string KeyPath { get; }

    /// <summary>How a client takes it.</summary>
    public SslClientAuthenticationOptions Trust { get; }

    public void Dispose() => _certificate.Dispose();
}
