using System.Diagnostics;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;

namespace Krmx.FunctionalTests.Server.Rooms;

public class FairnessTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("/rooms/one")]
    [InlineData("/rooms/two")]
    public async Task FloodingConnections_StarveNobody(string target)
    {
        const int Echoes = 200;
        int handled = 0;
        await using TestServer server = await new TestServer
        {
            Map = app => app.MapKrmx("/rooms/{room}", room =>
            {
                room.OnMessage("flood", (KrmxUser _, KrmxMessage _) => Interlocked.Increment(ref handled));
                room.OnMessage("echo", (KrmxUser user, KrmxMessage message) => room.Send(user.Name, message));
            }, options => options.Messages.MaxPerSecond = 0),
        }.StartAsync();
        using var stop = new CancellationTokenSource();
        byte[] flood = [.. Enumerable.Repeat(WireFrame.OfText("""{"type":"flood"}""").ToBytes(), 1000).SelectMany(b => b)];
        WireClient[] floods = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => server.LinkAsync($"flood{i}", "/rooms/one")));
        Task[] flooding = [.. floods.Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await client.SendAsync(flood);
        }))];
        await using WireClient bob = await server.LinkAsync("bob", target);
        await Patience.Until(() => handled > 1000, "the flood has begun");

        long began = Stopwatch.GetTimestamp();
        int before = handled;
        for (int i = 0; i < Echoes; i++)
            await bob.EchoAsync();
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"{Echoes} echoes in {taken.TotalMilliseconds:F0} ms, while {handled - before} messages of the flood were handled");

        Assert.True(handled > before, "the flood went on");
        await stop.CancelAsync();
        await Task.WhenAll(flooding).Soon();
        foreach (WireClient client in floods)
            await client.DisposeAsync();
    }
}
