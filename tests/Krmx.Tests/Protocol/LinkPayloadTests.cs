using Krmx.Tests.Server;

namespace Krmx.Tests.Protocol;

/// <summary>Protocol section 3: the payload of krmx/link, as a server reads it.</summary>
public sealed class LinkPayloadTests
{
    [Theory]
    [InlineData("""{"username":"alice","version":"0.6.0"}""", null)]
    [InlineData("""{"username":"alice","version":"0.6.0","auth":""}""", "")]
    [InlineData("""{"version":"0.5.1","auth":"k\u0065y","username":"al\u0069ce"}""", "key")]
    [InlineData("""{"username":1,"auth":null,"version":{},"username":"alice","version":"0.6.0","auth":"b"}""", "b")]
    [InlineData("""{"extensions":["resume"],"username":"alice","version":"0.6.0","x":{"username":"bob"}}""", null)]
    [InlineData("""{"\ud800":1,"x":"\ud800","username":"alice","version":"0.6.0"}""", null)]
    public void Valid_AsksForTheLink(string payload, string? auth)
    {
        string? given = "none";
        var server = new RecordedServer { Authenticate = link => { given = link.Auth; return LinkResult.Accept; } };
        Receive(server, payload);
        Assert.Equal("alice*", server.Users);
        Assert.Equal(auth, given);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"alice\"")]
    [InlineData("[\"alice\"]")]
    [InlineData("{}")]
    [InlineData("""{"username":"alice"}""")]
    [InlineData("""{"version":"0.6.0"}""")]
    [InlineData("""{"username":null,"version":"0.6.0"}""")]
    [InlineData("""{"username":"alice","version":6}""")]
    [InlineData("""{"username":"alice","version":"0.6.0","auth":null}""")]
    [InlineData("""{"username":"alice","version":"0.6.0","auth":{}}""")]
    [InlineData("""{"username":"alice","version":"0.6.0","username":1}""")]
    [InlineData("""{"Username":"alice","Version":"0.6.0"}""")]
    public void AnotherShape_IsAnInvalidRequest(string payload)
    {
        var server = new RecordedServer();
        Receive(server, payload);
        Assert.Equal(["1: rejected invalid link request", "rejected 1 InvalidLinkRequest"], server.Take());
    }

    [Theory]
    [InlineData("""{"username":"\ud800","version":"0.6.0"}""")]
    [InlineData("""{"username":"alice","version":"\udc00"}""")]
    [InlineData("""{"username":"alice","version":"0.6.0","auth":"a\ud800"}""")]
    public void LoneSurrogate_IsAnInvalidMessage(string payload)
    {
        var server = new RecordedServer();
        Receive(server, payload);
        Assert.Equal(["1: rejected invalid message", "rejected 1 InvalidMessage"], server.Take());
    }

    [Fact]
    public void VersionThatIsNoVersion_IsSentBackAsItCame()
    {
        var server = new RecordedServer();
        Receive(server, """{"username":"alice","version":"\"\u0000\\😀"}""");
        Assert.Equal("1: rejected krmx server version mismatch (server=0.6.*,client=\"\0\\😀)", server.Take()[0]);
    }

    private static void Receive(RecordedServer server, string payload)
    {
        server.Open(1);
        server.Receive(1, $$"""{"type":"krmx/link","payload":{{payload}}}""");
    }
}
