using Krmx.FunctionalTests.Corpus;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol sections 2 and 4: what is no message is rejected, or unlinks; what is one is handled, whatever it looks like.</summary>
public class HostileJsonTests
{
    public static TheoryData<string> InvalidNames => [.. HostileCorpus.Names("messages/invalid")];

    public static TheoryData<string> ValidNames => [.. HostileCorpus.Names("messages/valid")];

    [Theory]
    [MemberData(nameof(InvalidNames))]
    public async Task InvalidMessage_IsRejectedOrUnlinks(string name)
    {
        WireFrame hostile = HostileCorpus.Frame("messages/invalid", name);
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient client = await server.ConnectAsync();

        // Unlinked.
        await client.SendAsync(hostile);
        await client.ExpectAsync(Texts.Rejected("invalid message"));

        // Pending, refused: handled when unlinked again.
        Gate.Asked asked = await gate.AskAsync(client, "bob");
        await client.SendAsync(hostile);
        asked.Reject("no");
        await client.ExpectAsync(Texts.Rejected("no"), Texts.Rejected("invalid message"));

        // Pending, accepted: handled when linked.
        asked = await gate.AskAsync(client, "bob");
        await client.SendAsync(hostile);
        asked.Accept();
        await client.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"), Texts.Unlinked("bob"));

        // Linked.
        await client.LinkAsync("bob");
        await client.SendAsync(hostile);
        await client.ExpectAsync(Texts.Unlinked("bob"));
        await client.LinkAsync("bob");
        await client.EchoAsync();

        Assert.Equal(2, server.Events.Count("unlink bob ProtocolViolation"));
        Assert.Equal(1, server.Events.Count("message bob echo"));
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public async Task ValidMessage_IsHandledByteForByte(string name)
    {
        WireFrame strange = HostileCorpus.Frame("messages/valid", name);
        string echo = HostileCorpus.Echo(name);
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient client = await server.ConnectAsync();

        await client.SendAsync(strange);
        await client.ExpectAsync(Texts.Rejected("unlinked connection"));

        Gate.Asked asked = await gate.AskAsync(client, "bob");
        await client.SendAsync(strange);
        asked.Accept();
        await client.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"), echo);

        await client.SendAsync(strange);
        await client.ExpectAsync(echo);
    }

    [Theory]
    [InlineData("krmx/accepted")]
    [InlineData("krmx/rejected")]
    [InlineData("krmx/linked")]
    [InlineData("krmx/")]
    [InlineData("krmx/__proto__")]
    public async Task ReservedType_IsRejectedOrUnlinksWithAWarning(string type)
    {
        const int ProtocolViolated = 4;
        string text = $$$"""{"type":"{{{type}}}","payload":{"username":"alice"}}""";
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient bystander = await server.LinkAsync("alice");
        await using WireClient bob = await server.ConnectAsync();

        await bob.SendAsync(text);
        await bob.ExpectAsync(Texts.Rejected("unlinked connection"));
        Gate.Asked asked = await gate.AskAsync(bob, "bob");
        await bob.SendAsync(text);
        asked.Reject("no");
        await bob.ExpectAsync(Texts.Rejected("no"), Texts.Rejected("unlinked connection"));
        await bob.LinkAsync("bob");
        await bystander.ExpectAsync(Texts.Joined("bob"), Texts.Linked("bob"));
        await bob.SendAsync(text);

        await bob.ExpectAsync(Texts.Unlinked("bob"));
        await bystander.ExpectAsync(Texts.Unlinked("bob"));
        await bystander.EchoAsync();
        await server.Logs.WaitFor(ProtocolViolated);
    }

    [Fact]
    public async Task DepthLimit_IsAnOption()
    {
        await using TestServer server = await new TestServer { Options = options => options.Messages.MaxJsonDepth = 2 }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.EchoAsync("[1]");
        await bob.SendAsync("""{"type":"echo","payload":[[1]]}""");

        await bob.ExpectAsync(Texts.Unlinked("bob"));
    }
}
