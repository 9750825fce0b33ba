using Krmx.Simulation.EndToEnd;

namespace Krmx.Tests.Simulation;

/// <summary>Real clients and the real room, with connections that are lost at any point, and known defects put back into both: nothing is lost or doubled.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class SessionTests(ITestOutputHelper output) : EndToEndTests(
    output, typeof(SessionSimulator), static (seed, steps) => SessionSimulator.Many(seed, steps), SessionMutants.All, "session-mutants.md");
