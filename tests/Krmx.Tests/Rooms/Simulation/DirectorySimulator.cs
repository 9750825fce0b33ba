namespace Krmx.Tests.Rooms.Simulation;

/// <summary>Runs the directory's simulation: along random paths, and along all short ones.</summary>
internal static class DirectorySimulator
{
    private const int StepsInRun = 100;

    // A run without some kinds of steps goes deeper with the others.
    private static readonly string[] Optional = ["failed", "want", "close", "give", "leave", "link", "tidy", "shut"];

    private static readonly DirectorySetup[] Setups = [.. DirectorySetup.All(names: 3)];

    /// <summary>Takes random paths.</summary>
    /// <returns>How many steps were done, and what was wrong after the last; null where nothing was.</returns>
    public static (long Steps, string? Problem) Random(int firstSeed, long steps) => WithoutContext(() => TakeRandom(firstSeed, steps));

    /// <summary>Takes every path of so many steps.</summary>
    /// <returns>How many there were, and what was wrong on the last; null where nothing was.</returns>
    public static (long Paths, string? Problem) Exhaust(DirectorySetup setup, int depth) => WithoutContext(() => TakeAll(setup, depth));

    /// <summary>For mutants: how many steps it takes to see that something is wrong; -1 where it was not seen.</summary>
    public static long StepsToFailure(int firstSeed, long steps)
    {
        try
        {
            (long done, string? problem) = Random(firstSeed, steps);
            return problem is null ? -1 : done;
        }
        catch (Exception)
        {
            return 1; // a mutant may break what the model takes for granted
        }
    }

    private static (long Steps, string? Problem) TakeRandom(int firstSeed, long steps)
    {
        string? problem = null;
        long done = 0;
        for (int seed = firstSeed; done < steps && problem is null; seed++)
        {
            var random = new Random(seed);
            DirectorySetup setup = Setups[random.Next(Setups.Length)];
            string[] leftOut = [.. Optional.Where(_ => random.Next(2) == 0)];
            var world = new DirectoryWorld(setup, kind => !leftOut.Contains(kind));
            for (int step = 0; step < StepsInRun && problem is null; step++, done++)
                problem = world.Step(random.Next);
            problem ??= world.Finish();
            if (problem is not null)
                problem = $"seed {seed}, {setup}: {problem}";
        }
        return (done, problem);
    }

    private static (long Paths, string? Problem) TakeAll(DirectorySetup setup, int depth)
    {
        var path = new List<(int Choice, int Count)>();
        long paths = 0;
        do
        {
            var world = new DirectoryWorld(setup, static _ => true);
            string? problem = null;
            for (int step = 0; step < depth && problem is null; step++)
            {
                int at = step;
                problem = world.Step(count =>
                {
                    if (at == path.Count)
                        path.Add((0, count));
                    return path[at].Choice;
                });
            }
            problem ??= world.Finish();
            paths++;
            if (problem is not null)
                return (paths, $"{setup}: {problem}");
        }
        while (Next(path));
        return (paths, null);
    }

    /// <summary>What waits goes on within the call that ends its waiting, where no context is in the way.</summary>
    private static T WithoutContext<T>(Func<T> function)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return function();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static bool Next(List<(int Choice, int Count)> path)
    {
        while (path.Count > 0)
        {
            (int choice, int count) = path[^1];
            path.RemoveAt(path.Count - 1);
            if (choice + 1 < count)
            {
                path.Add((choice + 1, count));
                return true;
            }
        }
        return false;
    }
}
