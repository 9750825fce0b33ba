using Krmx.FunctionalTests.Faults.Recording;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Authentications that never end, and more of them than anybody wants.</summary>
public class AuthenticationFloodTests(ITestOutputHelper output)
{
    [Fact]
    public async Task HangingAuthentications_TimeOutAndNobodyElseWaits()
    {
        const int Connections = 500;
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Links.AuthenticationTimeout = TimeSpan.FromSeconds(2));
        RecordedWire[] wires = new RecordedWire[Connections];
        for (int i = 0; i < Connections; i++)
        {
            wires[i] = await world.OpenAsync();
            await wires[i].AskAsync($"hang{i}", "hang");
        }

        await world.LinkAsync(healthy: 20, faulty: 0);
        await world.TickAsync(20);
        await Patience.Until(() => wires.All(wire => !wire.IsAsking), "every attempt is answered");

        output.WriteLine($"{Connections} authentications that hang, 20 users who link and talk meanwhile: {await world.JudgeAsync()}");
        Assert.Equal(Connections, world.Server.Metrics.Total("krmx.rejections", "AuthenticationTimeout"));
    }

    [Fact]
    public async Task RefusedOverAndOver_AnswersEachAttemptOnce()
    {
        const int Connections = 50, Attempts = 100;
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Messages.MaxLinksPerSecond = 0);
        await world.LinkAsync(healthy: 5, faulty: 0);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async i =>
        {
            RecordedWire wire = await world.OpenAsync();
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                await wire.AskAsync($"guess{(i * Attempts) + attempt}", "refuse");
                await Patience.Until(() => !wire.IsAsking, "the attempt is answered");
            }
        }));
        await world.TickAsync(5);

        output.WriteLine($"{Connections * Attempts} names tried by {Connections} connections: {await world.JudgeAsync()}");
        Assert.Equal(Connections * Attempts, world.Server.Metrics.Total("krmx.rejections", "Authentication"));
    }
}
