using Krmx.FunctionalTests.Faults.Processes;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Processes full of clients that die, or stand still.</summary>
public class ClientProcessTests(ITestOutputHelper output)
{
    private const int Healthy = 5, Clients = 50;

    [Fact]
    public async Task Kill_UnlinksItsUsersAndNobodyElse()
    {
        const int Rounds = 3;
        await using FaultWorld world = await FaultWorld.StartAsync();
        await world.LinkAsync(Healthy, faulty: 0);
        for (int i = 0; i < Rounds; i++)
        {
            await using PeerProcess clients = await PeerProcess.StartClientsAsync(world.Uri, "process", Clients);
            await world.TickAsync(5);
            await clients.SendAsync(Signal.Kill);
            await world.Server.Until(room => room.ConnectionCount == Healthy, "the connections of the process are gone");
        }
        await world.TickAsync(5);
        output.WriteLine($"kill -9 of a process with {Clients} clients, {Rounds} times: {await world.JudgeAsync()}");
    }

    [Fact]
    public async Task Stop_UnlinksItsUsersAndContinueBringsThemBack()
    {
        await using FaultWorld world = await FaultWorld.StartAsync();
        await world.LinkAsync(Healthy, faulty: 0);
        await using PeerProcess clients = await PeerProcess.StartClientsAsync(world.Uri, "process", Clients);

        await clients.SendAsync(Signal.Stop);
        await world.TickAsync(5);
        await world.Server.Until(room => room.LinkedCount == Healthy, "the stopped users are unlinked");
        Assert.Equal(Clients, world.Server.Metrics.Total("krmx.evictions", nameof(UnlinkReason.TimedOut)));
        await world.TickAsync(5);
        await clients.SendAsync(Signal.Continue);
        await world.UntilLinksAsync(Healthy + (2 * Clients));
        await world.TickAsync(5);

        await clients.SendAsync(Signal.Kill);
        await world.Server.Until(room => room.ConnectionCount == Healthy, "the connections of the process are gone");
        output.WriteLine($"SIGSTOP of a process with {Clients} clients until all timed out, then SIGCONT: {await world.JudgeAsync()}");
    }
}
