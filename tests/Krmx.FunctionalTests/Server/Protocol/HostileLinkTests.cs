using Krmx.FunctionalTests.Corpus;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol sections 3 to 6: link requests of the wrong shape.</summary>
public class HostileLinkTests
{
    private static readonly Dictionary<string, string> Reasons = HostileCorpus.Table("links.tsv");

    public static TheoryData<string> Names => [.. Reasons.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task WrongRequest_IsRejectedOrUnlinksAndTheConnectionMayTryAgain(string name)
    {
        WireFrame hostile = HostileCorpus.Frame("links", $"{name}.json");
        string rejected = Texts.Rejected(Reasons[name]);
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient client = await server.ConnectAsync();

        // Unlinked.
        await client.SendAsync(hostile);
        await client.ExpectAsync(rejected);

        // Pending, refused: handled when unlinked again.
        Gate.Asked asked = await gate.AskAsync(client, "bob");
        await client.SendAsync(hostile);
        asked.Reject("no");
        await client.ExpectAsync(Texts.Rejected("no"), rejected);

        // Pending, accepted, and linked: any link request unlinks.
        asked = await gate.AskAsync(client, "bob");
        await client.SendAsync(hostile);
        asked.Accept();
        await client.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"), Texts.Unlinked("bob"));
        await client.LinkAsync("bob");
        await client.SendAsync(hostile);
        await client.ExpectAsync(Texts.Unlinked("bob"));

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
}
