using Krmx.Tests.Server;

namespace Krmx.Tests.Protocol;

/// <summary>Protocol sections 3 and 10: the payload of krmx/link, as a server reads it.</summary>
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

    [Theory]
    [InlineData("""{"key":"0123456789abcdef","attempt":1}""", "\"session\":1")]
    [InlineData("""{"key":"é123456789abcdef","attempt":9007199254740991}""", "\"session\":9007199254740991")]
    [InlineData("""{"key":"0123456789012345678901234567890123456789012345678901234567890123","attempt":1}""", "\"session\":1")]
    [InlineData("""{"received":0,"session":1,"attempt":2,"key":"0123456789abcdef"}""", "\"session\":2,\"recovered\":false")]
    [InlineData("""{"key":"0123456789abcdef","attempt":2,"session":1}""", "\"session\":2,\"recovered\":false")]
    [InlineData("""{"key":"0123456789abcdef","attempt":2,"received":1}""", "\"session\":2")]
    [InlineData("""{"key":1,"attempt":0,"key":"\u0030123456789abcdef","attempt":3}""", "\"session\":3")]
    [InlineData("""{"key":"0123456789abcdef","attempt":2,"session":0,"session":1,"received":-1,"received":0}""", "\"session\":2,\"recovered\":false")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1,"later":{"key":"x","attempt":[0]}}""", "\"session\":1")]
    public void Resume_BeginsASession(string resume, string answer)
    {
        var server = new RecordedServer();
        ReceiveResume(server, resume);
        Assert.Contains($$"""1: accepted {"extensions":["resume"],{{answer}}}""", server.Take());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"0123456789abcdef\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"attempt":1}""")]
    [InlineData("""{"key":"0123456789abcdef"}""")]
    [InlineData("""{"key":"0123456789abcde","attempt":1}""")]
    [InlineData("""{"key":"01234567890123456789012345678901234567890123456789012345678901234","attempt":1}""")]
    [InlineData("""{"key":null,"attempt":1}""")]
    [InlineData("""{"key":"0123456789abcdef","key":{},"attempt":1}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":0}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1.5}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":"1"}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":9007199254740992}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1e400}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1,"session":0}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1,"session":null}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1,"session":2,"session":0}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1,"received":-1}""")]
    [InlineData("""{"key":"0123456789abcdef","attempt":1,"received":null}""")]
    public void ResumeOfAnotherShape_IsAnInvalidRequest(string resume)
    {
        var server = new RecordedServer();
        ReceiveResume(server, resume);
        Assert.Equal(["1: rejected invalid link request", "rejected 1 InvalidLinkRequest"], server.Take());
    }

    [Fact]
    public void ResumeWithALoneSurrogate_IsAnInvalidMessage()
    {
        var server = new RecordedServer();
        ReceiveResume(server, """{"key":"0123456789abcdef\ud800","attempt":1}""");
        Assert.Equal(["1: rejected invalid message", "rejected 1 InvalidMessage"], server.Take());
    }

    [Theory]
    [InlineData("""{"username":"alice","version":"0.6.0","resume":{"key":"0123456789abcdef","attempt":1}}""")]
    [InlineData("""{"username":"alice","version":"0.6.0","extensions":[],"resume":1}""")]
    [InlineData("""{"username":"alice","version":"0.6.0","extensions":["resume"]}""")]
    public void ResumeOrItsExtensionAlone_MeansNothing(string payload)
    {
        var server = new RecordedServer();
        Receive(server, payload);
        Assert.Contains("1: accepted", server.Take());
    }

    private static void ReceiveResume(RecordedServer server, string resume) =>
        Receive(server, $$"""{"username":"alice","version":"0.6.0","extensions":["resume"],"resume":{{resume}}}""");

    private static void Receive(RecordedServer server, string payload)
    {
        server.Open(1);
        server.Receive(1, $$"""{"type":"krmx/link","payload":{{payload}}}""");
    }
}
