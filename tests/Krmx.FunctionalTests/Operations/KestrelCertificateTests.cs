using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Operations;

public class KestrelCertificateTests
{
    [Fact]
    public async Task CertificateOfTheConfiguration_IsServed()
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("krmx-tls-");
        string path = Path.Combine(folder.FullName, "krmx");
        File.WriteAllText($"{path}.crt", certificate.ExportCertificatePem());
        File.WriteAllText($"{path}.key", key.ExportPkcs8PrivateKeyPem());
        string settings = OperationsGuide.Block("json", ("https://*:443", "https://127.0.0.1:0"), ("/etc/krmx/krmx", path));
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(settings)));
        builder.Logging.ClearProviders();
        builder.Services.AddKrmx();
        await using WebApplication app = builder.Build();
        app.MapKrmx("/krmx", _ => { });
        await app.StartAsync().Soon();
        await using var bob = new KrmxClient(Expect.HastyWith(options => options.ConfigureSocket = socket => socket.RemoteCertificateValidationCallback = (_, presented, _, _) => certificate.Equals(presented)));

        await bob.ConnectAsync($"wss://localhost:{new Uri(app.Urls.Single()).Port}/krmx").Soon();
        await bob.LinkAsync("bob").Soon();

        Assert.Equal(ClientStatus.Linked, bob.Status);
        folder.Delete(recursive: true);
    }
}
