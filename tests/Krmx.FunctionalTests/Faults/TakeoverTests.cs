using Krmx.FunctionalTests.Faults.Recording;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Many connections that want to be the same users at once.</summary>
public class TakeoverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(LinkConflict.Replace)]
    [InlineData(LinkConflict.Reject)]
    [InlineData(LinkConflict.Challenge)]
    public async Task Race_EndsWithOneConnectionForEachUser(LinkConflict conflict)
    {
        const int Connections = 60, Users = 6, Rounds = 20;
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Links.Conflict = conflict);
        await world.LinkAsync(healthy: 3, faulty: 0);
        RecordedWire[] wires = new RecordedWire[Connections];
        for (int i = 0; i < Connections; i++)
        {
            wires[i] = await world.OpenAsync();
            wires[i].AnswersPings = true;
        }

        for (int round = 0; round < Rounds; round++)
        {
            // Those that are linked keep what they have until somebody takes it, or give it back now and then.
            for (int i = 0; i < Connections; i++)
            {
                if (wires[i].Username is null && !wires[i].IsAsking)
                    await wires[i].AskAsync($"wanted{(i + round) % Users}", i % 2 == 0 ? "slow" : null);
                else if (wires[i].Username is not null && (i + round) % 3 == 0)
                    await wires[i].SendAsync(WireFrame.OfText("{\"type\":\"krmx/unlink\"}"));
            }
            await world.TickAsync();
        }
        await Patience.Until(() => wires.All(wire => !wire.IsAsking), "every attempt is answered");

        output.WriteLine($"{Connections} connections for {Users} users, {Rounds} rounds, policy {conflict}: {await world.JudgeAsync()}");
        Assert.True(world.Recorder.Links > 3 * Users, $"{world.Recorder.Links} links");
    }
}
