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
    public static Report Safety(ulong firstSeed, long steps, Action<long>? progress = null) =>
        Many(firstSeed, steps, Run.FromSeed, Minimizer.Explain, progress);

    /// <summary>Runs seeds of any simulation.</summary>
    /// <param name="firstSeed">The seed before the first.</param>
    /// <param name="steps">How many steps to do in all.</param>
    /// <param name="run">Runs a seed.</param>
    /// <param name="explain">Tells a seed's violation to who has to find its cause.</param>
    /// <param name="progress">Told how many steps are done.</param>
    public static Report Many(
        ulong firstSeed, long steps, Func<ulong, Outcome> run, Func<ulong, string, string> explain, Action<long>? progress = null)
    {
        long runs = 0, done = 0, replayed = 0;
        string? failure = null;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (Volatile.Read(ref done) < steps && Volatile.Read(ref failure) is null)
            {
                long number = Interlocked.Increment(ref runs);
                ulong seed = firstSeed + (ulong)number;
                Outcome outcome = run(seed);
                if (outcome.Violation is string violation)
                    Interlocked.CompareExchange(ref failure, explain(seed, violation), null);
                else if (number % 100 == 0 && run(seed).Hash != outcome.Hash)
                    Interlocked.CompareExchange(ref failure, $"seed {seed} came out differently when run again", null);
                else if (number % 100 == 0)
                    Interlocked.Increment(ref replayed);
                long now = Interlocked.Add(ref done, outcome.Steps);
                progress?.Invoke(now);
            }
        });
        return new Report(runs, done, replayed, clock.Elapsed, failure);
    }

    /// <summary>Runs one seed after the other until one fails.</summary>
    /// <returns>How many steps that took; -1 when <paramref name="steps"/> did not suffice.</returns>
    public static long StepsToFailure(ulong firstSeed, long steps) => StepsToFailure(firstSeed, steps, Run.FromSeed);

    /// <summary>Runs one seed of any simulation after the other until one fails.</summary>
    /// <returns>How many steps that took; -1 when <paramref name="steps"/> did not suffice.</returns>
    public static long StepsToFailure(ulong firstSeed, long steps, Func<ulong, Outcome> run)
    {
        long done = 0;
        for (ulong seed = firstSeed; done < steps; seed++)
        {
            Outcome outcome = run(seed);
            done += outcome.Steps;
            if (outcome.Violation is not null)
                return done;
        }
        return -1;
    }
}
