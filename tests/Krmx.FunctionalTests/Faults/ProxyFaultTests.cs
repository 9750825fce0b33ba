using Krmx.FunctionalTests.Faults.Proxy;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Networks that delay, cut up, stall, cut off and forget, between clients that come back and a recorded room.</summary>
public class ProxyFaultTests(ITestOutputHelper output)
{
    private const int Healthy = 5, Faulty = 15;

    [Fact]
    public async Task DelayAndJitter_ChangeNothing()
    {
        await using FaultWorld world = await FaultWorld.StartAsync();
        world.Proxy.Faults = new ProxyFaults { Delay = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(20) };
        await world.LinkAsync(Healthy, Faulty);
        await world.TickAsync(100);
        output.WriteLine($"5 to 25 ms each way: {await world.JudgeAsync()}");
        Assert.Equal(Healthy + Faulty, world.Recorder.Links);
    }

    [Fact]
    public async Task OneByteAtATime_ChangesNothing()
    {
        await using FaultWorld world = await FaultWorld.StartAsync();
        world.Proxy.Faults = new ProxyFaults { MaxWrite = 1 };
        await world.LinkAsync(Healthy, Faulty);
        await world.TickAsync(100);
        output.WriteLine($"one byte at a time: {await world.JudgeAsync()}");
        Assert.Equal(Healthy + Faulty, world.Recorder.Links);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stall_LosesNothingOnceItIsOver(bool toClients)
    {
        const int Stalls = 10;
        await using FaultWorld world = await FaultWorld.StartAsync();
        await world.LinkAsync(Healthy, Faulty);
        for (int i = 0; i < Stalls; i++)
        {
            if (toClients)
                world.Proxy.StallToClients();
            else
                world.Proxy.StallToServer();
            await world.TickAsync(10);
            world.Proxy.Resume();
            await world.TickAsync(10);
        }
        output.WriteLine($"{Stalls} stalls of {Faulty} connections {(toClients ? "to the clients" : "to the server")}: {await world.JudgeAsync()}");
    }

    [Fact]
    public async Task CutInMidFrame_IsFollowedByALinkWithTheWholeState()
    {
        const int Rounds = 40;
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Links.Conflict = LinkConflict.Replace);
        await world.LinkAsync(Healthy, Faulty);
        for (int i = 0; i < Rounds; i++)
        {
            // Each connection has forwarded more than that already, or does so soon.
            world.Proxy.Faults = new ProxyFaults { CutAfter = 150 + (i * 97) };
            await world.TickAsync(5);
            world.Proxy.Faults = ProxyFaults.None;
            await world.HealAsync();
        }
        output.WriteLine($"{Rounds} rounds of cuts after 150 to {150 + ((Rounds - 1) * 97)} bytes: {await world.JudgeAsync()}");
        Assert.True(world.Recorder.Links > Healthy + Faulty + Rounds, $"{world.Recorder.Links} links");
    }

    [Theory]
    [InlineData(LinkConflict.Reject)]
    [InlineData(LinkConflict.Replace)]
    [InlineData(LinkConflict.Challenge)]
    public async Task Reset_OfEveryConnectionBringsEverybodyBack(LinkConflict conflict)
    {
        const int Rounds = 20;
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Links.Conflict = conflict);
        await world.LinkAsync(Healthy, Faulty);
        for (int i = 0; i < Rounds; i++)
        {
            await world.TickAsync(3);
            world.Proxy.Cut();
            await world.UntilLinksAsync(Healthy + ((i + 2) * Faulty));
        }
        output.WriteLine($"{Rounds} resets of {Faulty} connections, policy {conflict}: {await world.JudgeAsync()}");
        Assert.Equal(Healthy + Faulty + (Rounds * Faulty), world.Recorder.Links);
    }

    [Theory]
    [InlineData(LinkConflict.Reject)]
    [InlineData(LinkConflict.Replace)]
    [InlineData(LinkConflict.Challenge)]
    public async Task ClientsGoneWithoutAWord_ComeBackToTheirUsers(LinkConflict conflict)
    {
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Links.Conflict = conflict);
        await world.LinkAsync(Healthy, Faulty);
        await world.TickAsync(5);
        world.Proxy.CutFromClient(); // the server is told nothing
        await world.TickAsync(5);
        await world.UntilLinksAsync(Healthy + (2 * Faulty));
        await world.TickAsync(5);
        output.WriteLine($"{Faulty} connections half-open on the server, policy {conflict}: {await world.JudgeAsync()}");
    }

    [Fact]
    public async Task ServerGoneWithoutAWord_IsNoticedByItsClients()
    {
        await using FaultWorld world = await FaultWorld.StartAsync();
        await world.LinkAsync(Healthy, Faulty);
        await world.TickAsync(5);
        world.Proxy.CutFromServer(); // the clients are told nothing
        await world.TickAsync(5);
        await world.UntilLinksAsync(Healthy + (2 * Faulty));
        output.WriteLine($"{Faulty} connections half-open on their clients: {await world.JudgeAsync()}");
    }
}
