using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 9: what waits for a slow reader is bounded, and the others lose nothing.</summary>
public class UnreadOutputTests
{
    [Fact]
    public async Task SlowReader_IsEvictedAndTheOthersGetEverything()
    {
        const int Messages = 2000;
        string filling = new('x', 4096);
        await using TestServer server = await new TestServer { Options = options => options.Connections.MaxQueuedBytes = 256 * 1024 }.StartAsync();
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
    public async Task PingFloodWithoutReading_IsEvicted()
    {
        await using TestServer server = await new TestServer { Options = options => options.Rooms.CloseTimeout = TimeSpan.FromSeconds(1) }.StartAsync();
        await using WireClient healthy = await server.LinkAsync("healthy");
        await using WireClient flood = await server.LinkAsync("flood");
        byte[] pings = [.. Enumerable.Repeat(new WireFrame(WireFrame.PingOpcode, new byte[125]).ToBytes(), 100).SelectMany(b => b)];

        // It reads nothing, neither the pongs nor the close.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await flood.SendAsync(pings);
        });

        await server.Events.WaitFor("unlink flood RateExceeded");
        await healthy.ExpectAsync(Texts.Joined("flood"), Texts.Linked("flood"), Texts.Unlinked("flood"));
        await healthy.EchoAsync();
    }
}
