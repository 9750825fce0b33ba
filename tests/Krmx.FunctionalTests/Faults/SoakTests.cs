using System.Diagnostics;
using System.Globalization;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Every fault over and over, in random order: nothing may break, and nothing may grow. Run by <c>./test.sh --soak MINUTES</c>.</summary>
[Collection(nameof(WholeMachine))]
public class SoakTests(ITestOutputHelper output)
{
    private const int LeastCycles = 6;

    [Fact(Explicit = true)]
    public async Task EveryFaultOverAndOver_BreaksNothingAndLeavesNothing()
    {
        double minutes = double.Parse(Environment.GetEnvironmentVariable("KRMX_SOAK_MINUTES") ?? "5", CultureInfo.InvariantCulture);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        await using Crowd crowd = await Crowd.StartAsync();
        Func<Task>[] faults = [.. Faults(), async () => output.WriteLine(await crowd.SufferAsync(random))];
        var cycles = new List<Sample>();
        long began = Stopwatch.GetTimestamp();
        while (cycles.Count < LeastCycles || Stopwatch.GetElapsedTime(began).TotalMinutes < minutes)
        {
            random.Shuffle(faults);
            foreach (Func<Task> fault in faults)
                await fault();
            cycles.Add(Sample.Take());
            output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalMinutes:F1} min, cycle {cycles.Count} (seed {seed}): {cycles[^1]}");
        }

        // What leaks once in a cycle has grown by a third of all cycles between the first third and the last.
        Sample[] first = [.. cycles.Take(cycles.Count / 3)], last = [.. cycles.TakeLast(cycles.Count / 3)];
        DoesNotGrow("managed bytes", first, last, sample => sample.ManagedBytes);
        DoesNotGrow("open files", first, last, sample => sample.Files);
        DoesNotGrow("timers", first, last, sample => sample.Timers);
    }

    private Func<Task>[] Faults()
    {
        var proxy = new ProxyFaultTests(output);
        var lost = new LostConnectionTests(output);
        var takeover = new TakeoverTests(output);
        var authentication = new AuthenticationFloodTests(output);
        var processes = new ClientProcessTests(output);
        return
        [
            proxy.DelayAndJitter_ChangeNothing,
            proxy.OneByteAtATime_ChangesNothing,
            () => proxy.Stall_LosesNothingOnceItIsOver(toClients: true),
            () => proxy.Stall_LosesNothingOnceItIsOver(toClients: false),
            proxy.CutInMidFrame_IsFollowedByALinkWithTheWholeState,
            () => proxy.Reset_OfEveryConnectionBringsEverybodyBack(LinkConflict.Reject),
            () => proxy.Reset_OfEveryConnectionBringsEverybodyBack(LinkConflict.Replace),
            () => proxy.Reset_OfEveryConnectionBringsEverybodyBack(LinkConflict.Challenge),
            () => proxy.ClientsGoneWithoutAWord_ComeBackToTheirUsers(LinkConflict.Reject),
            () => proxy.ClientsGoneWithoutAWord_ComeBackToTheirUsers(LinkConflict.Replace),
            () => proxy.ClientsGoneWithoutAWord_ComeBackToTheirUsers(LinkConflict.Challenge),
            proxy.ServerGoneWithoutAWord_IsNoticedByItsClients,
            () => lost.Loss_AfterEveryByteOfASession_HurtsNobodyElse(isReset: true),
            () => lost.Loss_AfterEveryByteOfASession_HurtsNobodyElse(isReset: false),
            lost.Storm_OfLinksAndLossesAtOnce_LeavesTheServerAsItWas,
            () => takeover.Race_EndsWithOneConnectionForEachUser(LinkConflict.Reject),
            () => takeover.Race_EndsWithOneConnectionForEachUser(LinkConflict.Replace),
            () => takeover.Race_EndsWithOneConnectionForEachUser(LinkConflict.Challenge),
            authentication.HangingAuthentications_TimeOutAndNobodyElseWaits,
            authentication.RefusedOverAndOver_AnswersEachAttemptOnce,
            processes.Kill_UnlinksItsUsersAndNobodyElse,
            processes.Stop_UnlinksItsUsersAndContinueBringsThemBack,
        ];
    }

    private static void DoesNotGrow(string what, Sample[] first, Sample[] last, Func<Sample, long> value)
    {
        long before = first.Max(value), after = last.Min(value);
        Assert.True(after <= before * 1.05, $"{what} grew from at most {before:N0} in the first third of the cycles to at least {after:N0} in the last");
    }

    /// <summary>What this process, clients and servers alike, holds when nothing goes on.</summary>
    private sealed record Sample(long ManagedBytes, long Files, long Timers)
    {
        public static Sample Take()
        {
            for (int i = 0; i < 2; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            return new Sample(GC.GetTotalMemory(forceFullCollection: true), Directory.EnumerateFiles("/proc/self/fd").Count(), Timer.ActiveCount);
        }

        public override string ToString() => $"{ManagedBytes / 1e6:F1} MB managed, {Files} open files, {Timers} timers";
    }
}
