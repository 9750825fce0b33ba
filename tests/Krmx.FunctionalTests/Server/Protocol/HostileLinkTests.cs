using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol sections 3 to 6: link requests of the wrong shape.</summary>
public class HostileLinkTests
{
    private const string InvalidRequest = "invalid link request";
    private const string InvalidName = "invalid username";
    private const string Mismatch = "krmx server version mismatch (server=0.6.*,client=";

    [Theory]
    [InlineData("""{"type":"krmx/link"}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":null}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":[]}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":"bob"}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob"}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"version":"0.6.0"}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":["bob"],"version":"0.6.0"}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":{"toString":"bob"},"version":"0.6.0"}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":0.6}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","auth":1}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","auth":null}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","auth":{}}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","username":1,"version":"0.6.0"}}""", InvalidRequest)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"b\ud800b","version":"0.6.0"}}""", "invalid message")]
    [InlineData("""{"type":"krmx/link","payload":{"username":"","version":"0.6.0"}}""", InvalidName)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob\n","version":"0.6.0"}}""", InvalidName)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"b\u0000b","version":"0.6.0"}}""", InvalidName)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"__proto__","version":"0.6.0"}}""", InvalidName)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bób","version":"0.6.0"}}""", InvalidName)]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"0.60.0"}}""", Mismatch + "0.60.0)")]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"0.6pwn"}}""", Mismatch + "0.6pwn)")]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"0.6.0\n"}}""", Mismatch + "0.6.0\\n)")]
    [InlineData("""{"type":"krmx/link","payload":{"username":"bob","version":"\""}}""", Mismatch + "\\\")")]
    public async Task WrongRequest_IsRejectedAndTheConnectionMayTryAgain(string text, string reason)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient client = await server.ConnectAsync();

        await client.SendAsync(text);
        await client.ExpectAsync(Texts.Rejected(reason));

        await client.LinkAsync("bob");
        await client.EchoAsync();
    }

    [Theory]
    [InlineData("""{"type":"krmx/link","payload":{"username":1,"version":"0.6.0","username":"bob"}}""")]
    [InlineData("""{"type":"krmx/link","payload":{"x":[[[{}]]],"username":"bob","version":"0.6.101"}}""")]
    [InlineData("""{"type":"krmx/link","payload":{"u\u0073ername":"b\u006Fb","version":"0.5.5"}}""")]
    [InlineData("""{"payload":{"username":"bob","version":"0.4.0"},"type":"krmx/link"}""")]
    public async Task StrangeRequest_IsAccepted(string text)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient client = await server.ConnectAsync();

        await client.SendAsync(text);

        await client.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"));
    }

    [Fact]
    public async Task WrongRequestWhileLinked_Unlinks()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.SendAsync("""{"type":"krmx/link","payload":7}""");

        await bob.ExpectAsync(Texts.Unlinked("bob"));
        await server.Events.WaitFor("unlink bob Requested");
    }
}
