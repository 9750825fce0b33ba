using System.Text;
using Krmx.FunctionalTests.Corpus;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 1: what is no WebSocket frame ends its own connection and nothing else.</summary>
public class WebSocketFrameTests
{
    private static readonly Dictionary<string, string> Defects = HostileCorpus.Table("frames.tsv");

    public static TheoryData<string, ConnectionState> DefectsInEveryState()
    {
        var data = new TheoryData<string, ConnectionState>();
        foreach (string defect in Defects.Keys)
        {
            foreach (ConnectionState state in Enum.GetValues<ConnectionState>())
                data.Add(defect, state);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(DefectsInEveryState))]
    public async Task BrokenFrame_ClosesThatConnectionOnly(string defect, ConnectionState state)
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient bystander = await server.LinkAsync("bystander");
        await using WireClient mallory = await server.ConnectAsync();
        await (state switch
        {
            ConnectionState.Linked => mallory.LinkAsync("mallory"),
            ConnectionState.Pending => mallory.AskAsync("mallory", "wait"),
            _ => Task.CompletedTask,
        });
        Gate.Asked? asked = state == ConnectionState.Pending ? await gate.NextAsync() : null;
        if (state == ConnectionState.Linked)
            await bystander.ExpectAsync(Texts.Joined("mallory"), Texts.Linked("mallory"));

        await mallory.SendAsync(Convert.FromHexString(Defects[defect]));

        // The close frame may be lost to the reset that follows it; texts must not come.
        (List<string> texts, int? code) = await mallory.ReadToEndAsync();
        Assert.Empty(texts);
        Assert.True(code is null or 1002 or 1007, $"closed with {code}");
        await mallory.ExpectEndAsync();
        await server.Until(room => room.ConnectionCount == 1, "the connection is gone");
        if (asked is not null)
            await asked.WaitForCancellation();
        if (state == ConnectionState.Linked)
            await bystander.ExpectAsync(Texts.Unlinked("mallory"));
        await bystander.EchoAsync();
        Assert.Equal(state == ConnectionState.Linked ? 1 : 0, server.Events.Count("unlink mallory ConnectionClosed"));
    }

    [Fact]
    public async Task FragmentsWithPingsBetween_AreOneMessage()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        byte[] text = Encoding.UTF8.GetBytes("""{"type":"echo","payload":"é"}""");
        foreach (byte[] fragment in text.Chunk(1))
        {
            await bob.SendAsync(
                new WireFrame(fragment[0] == text[0] ? WireFrame.TextOpcode : WireFrame.Continuation, fragment) { IsFinal = false },
                new WireFrame(WireFrame.PingOpcode, fragment));
        }
        await bob.SendAsync(new WireFrame(WireFrame.Continuation, []));

        await bob.ExpectAsync("""{"type":"echo","payload":"é"}""");
    }

    [Fact]
    public async Task ByteByByte_IsOneMessage()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        foreach (byte b in WireFrame.OfText("""{"type":"echo"}""").ToBytes())
            await bob.SendAsync(new[] { b });

        await bob.ExpectAsync("""{"type":"echo"}""");
    }
}
