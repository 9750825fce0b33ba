using System.Text;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 9: messages have a largest size, in one frame or in many.</summary>
public class MessageSizeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task LargestMessage_Passes(int fragments)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        string text = Message(64 * 1024);

        await bob.SendAsync(Fragments(text, fragments));

        await bob.ExpectAsync(text);
    }

    [Theory]
    [InlineData(1, ConnectionState.Linked)]
    [InlineData(3, ConnectionState.Linked)]
    [InlineData(1, ConnectionState.Unlinked)]
    public async Task MessageOverTheLimit_ClosesWith1009(int fragments, ConnectionState state)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bystander = await server.LinkAsync("bystander");
        await using WireClient bob = await server.ConnectAsync();
        if (state == ConnectionState.Linked)
        {
            await bob.LinkAsync("bob");
            await bystander.ExpectAsync(Texts.Joined("bob"), Texts.Linked("bob"));
        }

        await bob.SendAsync(Fragments(Message((64 * 1024) + 1), fragments));

        await bob.ExpectCloseAsync(1009);
        if (state == ConnectionState.Linked)
        {
            await bystander.ExpectAsync(Texts.Unlinked("bob"));
            await server.Events.WaitFor("unlink bob ProtocolViolation");
        }
        await bystander.EchoAsync();
    }

    [Fact]
    public async Task MessageThatNeverEnds_ClosesWith1009()
    {
        await using TestServer server = await new TestServer { Options = options => options.MaxMessageBytes = 1000 }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();

        await bob.SendAsync(new WireFrame(WireFrame.TextOpcode, new byte[5000]) { ClaimedLength = long.MaxValue });

        (List<string> texts, int? code) = await bob.ReadToEndAsync();
        Assert.Empty(texts);
        Assert.Equal(1009, code);
        await bob.DisposeAsync();
        await server.Until(room => room.ConnectionCount == 0, "the connection is gone");
    }

    private static string Message(int bytes)
    {
        const string Head = """{"type":"echo","payload":"é""";
        return Head + new string('x', bytes - Encoding.UTF8.GetByteCount(Head) - 2) + "\"}";
    }

    private static WireFrame[] Fragments(string text, int count)
    {
        byte[][] parts = [.. Encoding.UTF8.GetBytes(text).Chunk((text.Length / count) + 1)];
        return [.. parts.Select((part, i) =>
            new WireFrame(i == 0 ? WireFrame.TextOpcode : WireFrame.Continuation, part) { IsFinal = i == parts.Length - 1 })];
    }
}
