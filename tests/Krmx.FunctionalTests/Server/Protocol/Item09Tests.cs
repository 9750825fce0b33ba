using System.Text;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 9: queues, messages and origins have limits.</summary>
public class Item09Tests
{
    [Fact]
    public async Task Item09_SlowReader_IsEvictedAndTheOthersGetEverything()
    {
        const int Messages = 2000;
        string filling = new('x', 4096);
        await using TestServer server = await new TestServer { Options = options => options.MaxQueuedBytes = 256 * 1024 }.StartAsync();
        await using WireClient healthy = await server.LinkAsync("healthy");
        await using WireClient slow = await server.LinkAsync("slow");
        await healthy.ExpectAsync(Texts.Joined("slow"), Texts.Linked("slow"));

        // Eight megabytes do not fit the sockets' own buffers: the rest stays with the server. The healthy one keeps pace.
        var received = new List<string>();
        for (int i = 0; i < Messages; i++)
        {
            int number = i;
            await server.Room.InvokeAsync(() => server.Room.Broadcast("fill", $"{number} {filling}"));
            received.Add(await healthy.ReadTextAsync());
        }
        while (!received.Remove(Texts.Unlinked("slow")))
            received.Add(await healthy.ReadTextAsync());
        while (received.Count < Messages)
            received.Add(await healthy.ReadTextAsync());

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $$"""{"type":"fill","payload":"{{i}} {{filling}}"}"""), received);
        await server.Events.WaitFor("unlink slow TooSlow");
        await server.Until(room => room.ConnectionCount == 1, "the slow connection is gone");
        await healthy.EchoAsync();
    }

    [Fact]
    public async Task Item09_PingFloodWithoutReading_IsEvicted()
    {
        await using TestServer server = await new TestServer { Options = options => options.MaxQueuedBytes = 1024 }.StartAsync();
        await using WireClient healthy = await server.LinkAsync("healthy");
        await using WireClient flood = await server.LinkAsync("flood");
        byte[] pings = [.. Enumerable.Repeat(new WireFrame(WireFrame.PingOpcode, new byte[125]).ToBytes(), 100).SelectMany(b => b)];

        // The pongs are never read, so the server must either stop reading or end it.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await flood.SendAsync(pings);
        });

        await server.Events.WaitFor("unlink flood TooSlow");
        await healthy.ExpectAsync(Texts.Joined("flood"), Texts.Linked("flood"), Texts.Unlinked("flood"));
        await healthy.EchoAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task Item09_LargestMessage_Passes(int fragments)
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
    public async Task Item09_MessageOverTheLimit_ClosesWith1009(int fragments, ConnectionState state)
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
    public async Task Item09_MessageThatNeverEnds_ClosesWith1009()
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

    [Theory]
    [InlineData("https://example.org", 101)]
    [InlineData("http://localhost:3000", 101)]
    [InlineData("https://evil.example.org", 403)]
    [InlineData("http://example.org", 403)]
    [InlineData("https://example.org.evil.com", 403)]
    [InlineData("null", 403)]
    [InlineData(null, 101)]
    public async Task Item09_Origins_AreCheckedBeforeTheUpgrade(string? origin, int status)
    {
        await using TestServer server = await new TestServer
        {
            Options = options =>
            {
                options.AllowedOrigins.Add("https://example.org");
                options.AllowedOrigins.Add("http://localhost:3000");
            },
        }.StartAsync();

        await using WireClient client = await server.HandshakeAsync("/krmx", origin is null ? [] : [$"Origin: {origin}"]);

        Assert.Equal(status, client.Status);
        Assert.Equal(status == 101 ? 1 : 0, await WaitForConnections(server, status));
    }

    [Fact]
    public async Task Item09_NoOriginsListed_AllowsEvery()
    {
        await using TestServer server = await new TestServer().StartAsync();

        await using WireClient client = await server.HandshakeAsync("/krmx", "Origin: https://example.org");

        Assert.Equal(101, client.Status);
    }

    private static async Task<int> WaitForConnections(TestServer server, int status)
    {
        if (status == 101)
            await server.Until(room => room.ConnectionCount == 1, "the connection is open");
        return await server.Room.InvokeAsync(() => server.Room.ConnectionCount);
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
