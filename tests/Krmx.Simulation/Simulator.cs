using System.Diagnostics;

namespace Krmx.Simulation;

/// <summary>What a simulation did.</summary>
/// <param name="Runs">How many seeds were run.</param>
/// <param name="Steps">How many steps in all.</param>
/// <param name="Replayed">How many seeds were run twice, and came out alike.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Failure">The first failure, explained; null when there was none.</param>
public sealed record Report(long Runs, long Steps, long Replayed, TimeSpan Duration, string? Failure)
{
    public override string ToString() =>
        $"{Steps:N0} steps in {Runs:N0} runs ({Replayed:N0} of them twice), {Duration.TotalSeconds:N1} s, {Steps / Duration.TotalSeconds:N0} steps/s: " +
        (Failure ?? "no violation");
}

/// <summary>Runs seeds, on every core, until enough steps are done or something fails.</summary>
public static class Simulator
{
    public static Report Safety(ulong firstSeed, long steps, Action<long>? progress = null)
    {
        long runs = 0, done = 0, replayed = 0;
        string? failure = null;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (Volatile.Read(ref done) < steps && Volatile.Read(ref failure) is null)
            {
                long run = Interlocked.Increment(ref runs);
                ulong seed = firstSeed + (ulong)run;
                Outcome outcome = Run.FromSeed(seed);
                if (outcome.Violation is string violation)
                    Interlocked.CompareExchange(ref failure, Minimizer.Explain(seed, violation), null);
                else if (run % 100 == 0 && Run.FromSeed(seed).Hash != outcome.Hash)
                    Interlocked.CompareExchange(ref failure, $"seed {seed} came out differently when run again", null);
                else if (run % 100 == 0)
                    Interlocked.Increment(ref replayed);
                long now = Interlocked.Add(ref done, outcome.Steps);
                progress?.Invoke(now);
            }
        });
        return new Report(runs, done, replayed, clock.Elapsed, failure);
    }

    /// <summary>Runs one seed after the other until one fails.</summary>
    /// <returns>How many steps that took; -1 when <paramref name="steps"/> did not suffice.</returns>
    public static long StepsToFailure(ulong firstSeed, long steps)
    {
        long done = 0;
        for (ulong seed = firstSeed; done < steps; seed++)
        {
            Outcome outcome = Run.FromSeed(seed);
            done += outcome.Steps;
            if (outcome.Violation is not null)
                return done;
        }
        return -1;
    }
}
