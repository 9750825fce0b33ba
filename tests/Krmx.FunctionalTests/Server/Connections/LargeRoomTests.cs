using System.Security.Cryptography.X509Certificates;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>Newcomers to a room whose picture is more than may wait for a connection by default.</summary>
[Collection(nameof(WholeMachine))] // it measures memory
public class LargeRoomTests
{
    private const int Users = 20_000, Stalled = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NewcomerWhoReadsSlowly_GetsEverything_AndNobodyIsEnded(bool isSecure)
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using TestServer server = await new TestServer
        {
            Certificate = isSecure ? certificate : null,
            Options = static options => options.Users.Max = 2 * Users,
        }.StartAsync();
        await server.Room.InvokeAsync(() =>
        {
            for (int i = 0; i < Users; i++)
                server.Room.Join(Name(i));
        });
        long before = GC.GetTotalMemory(forceFullCollection: true);

        // They link and read nothing for now.
        WireClient[] stalled = new WireClient[Stalled];
        for (int i = 0; i < Stalled; i++)
        {
            stalled[i] = await server.ConnectAsync();
            await stalled[i].AskAsync($"stalled{i}");
            await server.Until(room => room.LinkedCount == i + 1, "it is linked");
        }
        await using WireClient slow = await server.ConnectAsync();
        await slow.AskAsync("slow");
        await server.Until(room => room.LinkedCount == Stalled + 1, "all are linked");
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;

        await slow.ExpectAsync(Texts.Accepted);
        for (int i = 0; i < Users; i++)
            await slow.ExpectAsync(Texts.Joined(Name(i)));
        for (int i = 0; i < Stalled; i++)
            await slow.ExpectAsync(Texts.Joined($"stalled{i}"), Texts.Linked($"stalled{i}"));
        await slow.ExpectAsync(Texts.Joined("slow"), Texts.Linked("slow"));
        await slow.EchoAsync();

        // Copies would be 24 MB.
        Assert.InRange(held, long.MinValue, 16 * 1024 * 1024);
        Assert.Equal(Stalled + 1, server.Room.LinkedCount);
        foreach (WireClient client in stalled)
            await client.DisposeAsync();
    }

    private static string Name(int i) => $"user{i:D5}";
}
