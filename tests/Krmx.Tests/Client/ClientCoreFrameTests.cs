using CsCheck;
using Krmx.Protocol;

namespace Krmx.Tests.Client;

public sealed class ClientCoreFrameTests
{
    private static readonly string[] Names = ["bob", "amy", "__proto__"];

    private static readonly string[] Types =
        ["krmx/accepted", "krmx/joined", "krmx/linked", "krmx/unlinked", "krmx/left", "krmx/rejected", "custom", "krmx/link"];

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"krmx/unheard-of"}""")]
    [InlineData("""{"type":"krmx/link","payload":{"username":"eve","version":"0.6.0"}}""")]
    [InlineData("""{"type":"krmx/accepted"}""")]
    [InlineData("""{"type":"krmx/rejected"}""")]
    [InlineData("""{"type":"krmx/rejected","payload":{"reason":7}}""")]
    [InlineData("""{"type":"krmx/joined"}""")]
    [InlineData("""{"type":"krmx/joined","payload":null}""")]
    [InlineData("""{"type":"krmx/joined","payload":"eve"}""")]
    [InlineData("""{"type":"krmx/joined","payload":{"username":"\ud800"}}""")]
    [InlineData("""{"type":"krmx/joined","payload":{"username":"bob"}}""")]
    [InlineData("""{"type":"krmx/linked","payload":{"username":"bob"}}""")]
    [InlineData("""{"type":"krmx/linked","payload":{"username":"stranger"}}""")]
    [InlineData("""{"type":"krmx/unlinked","payload":{"username":"stranger"}}""")]
    [InlineData("""{"type":"krmx/left","payload":{"username":"stranger"}}""")]
    [InlineData("""{"type":"krmx/left","payload":{"username":"bob"}}""")]
    public void FrameTheProtocolDoesNotAllowIsReportedAndIgnored(string text)
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");

        client.ReceiveText(text);

        string line = Assert.Single(client.Take());
        Assert.StartsWith("violation ", line, StringComparison.Ordinal);
        Assert.Equal(ClientStatus.Linked, client.Core.Status);
        Assert.Equal([new ClientUser("bob", true)], client.Core.Users);
    }

    [Fact]
    public void BinaryFrameIsReportedAndIgnored()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.FrameReceived(InboundFrame.Invalid(3));
        Assert.Equal(["violation a frame that is no message"], client.Take());
    }

    [Fact]
    public void Message_IsHeardOnlyWhileLinked()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Receive("custom");
        Assert.Equal(["violation custom while not linked"], client.Take());

        client.Input.Link("bob", null);
        client.Receive("krmx/accepted");
        client.Take();
        client.Receive("custom");
        Assert.Equal(["violation custom while not linked"], client.Take());
    }

    [Fact]
    public void Presence_IsFoldedInTheOrderOfJoining()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.ReceiveOf("krmx/joined", "zoe");
        client.ReceiveOf("krmx/joined", "amy");
        client.ReceiveOf("krmx/linked", "amy");
        IReadOnlyList<ClientUser> before = client.Core.Users;
        client.ReceiveOf("krmx/unlinked", "amy");
        client.ReceiveOf("krmx/left", "zoe");
        client.ReceiveOf("krmx/joined", "zoe");

        Assert.Equal(
            ["join zoe", "join amy", "link amy", "unlink amy", "leave zoe", "join zoe"], client.Take());
        Assert.Equal([new("bob", true), new("amy", false), new("zoe", false)], client.Core.Users);
        Assert.Equal([new("bob", true), new("zoe", false), new("amy", true)], before);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("")]
    public void Presence_KnowsNoSpecialNames(string name)
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.ReceiveOf("krmx/joined", name);
        Assert.Equal([$"join {name}"], client.Take());
    }

    [Fact]
    public void Left_AfterAKickIsHeardOnce()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.ReceiveOf("krmx/unlinked", "bob");
        client.ReceiveOf("krmx/left", "bob");
        client.Take();
        client.ReceiveOf("krmx/left", "bob");
        Assert.Equal(["violation krmx/left of bob"], client.Take());
    }

    [Fact]
    public void Left_OnAnotherConnectionIsNotTheKickOfTheOneBefore()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Input.Lost();
        client.Input.Connected();
        client.Take();
        client.ReceiveOf("krmx/left", "bob");
        Assert.Equal(["violation krmx/left of bob"], client.Take());
    }

    [Fact, FullRunOnly]
    public void Frames_OfAnySortNeverThrowAndLeaveTheClientConsistent()
    {
        Gen<string> names = Gen.Int[0, Names.Length - 1].Select(i => Names[i]);
        Gen<string> types = Gen.Int[0, Types.Length - 1].Select(i => Types[i]);
        Gen<string> steps = Gen.Select(types, names, Gen.Int[0, 11]).Select((type, name, choice) => choice switch
        {
            0 => "link",
            1 => "unlink",
            2 => "leave",
            3 => "drop",
            4 => $$"""{"type":"{{type}}"}""",
            5 => $$$"""{"type":"{{{type}}}","payload":{"reason":"unlinked connection"}}""",
            6 => $$$"""{"type":"{{{type}}}","payload":{"reason":"no"}}""",
            _ => $$$"""{"type":"{{{type}}}","payload":{"username":"{{{name}}}"}}""",
        });
        steps.Array[1, 60].Sample(Play, iter: 20_000);
    }

    private static void Play(string[] steps)
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        int asked = 0;
        foreach (string step in steps)
            asked += Step(client, step);
        client.Input.Disconnected();

        string[] log = client.Take();
        Assert.Equal(asked, log.Count(line => line.Contains(" ended: ", StringComparison.Ordinal)));
        Assert.DoesNotContain(log, line => line.StartsWith("failed", StringComparison.Ordinal));
        Assert.Null(client.Core.Username);
        Assert.Empty(client.Core.Users);
    }

    /// <returns>How many requests the step made.</returns>
    private static int Step(RecordedClientCore client, string step)
    {
        KrmxClientCore core = client.Core;
        switch (step)
        {
            case "link" when core.Status == ClientStatus.Connected:
                client.Input.Link("bob", null);
                return 1;
            case "unlink" when core.Status == ClientStatus.Linked:
                client.Input.Unlink();
                return 1;
            case "leave" when core.Status == ClientStatus.Linked:
                client.Input.Leave();
                return 1;
            case "drop":
                client.Input.Lost();
                client.Input.Connected();
                return 0;
            case "link" or "unlink" or "leave":
                return 0;
        }
        client.ReceiveText(step);
        bool isLinked = core.Status == ClientStatus.Linked;
        Assert.True(core.Username is not null || !isLinked);
        Assert.True(core.Username is null || core.Status is ClientStatus.Linked or ClientStatus.Unlinking);
        if (isLinked)
            Assert.Contains(new ClientUser(core.Username!, true), core.Users);
        return 0;
    }
}
