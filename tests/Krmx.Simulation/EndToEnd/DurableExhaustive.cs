using System.Diagnostics;

namespace Krmx.Simulation.EndToEnd;

/// <summary>
/// Every short history of a durable room with two clients, and every crash point of it: before a commit, when it has landed and nobody knows, and when the room has
/// heard of it.
/// </summary>
public static class DurableExhaustive
{
    private static readonly SessionSetup Small = new(2, 1, LinkConflict.Reject, TimeSpan.FromSeconds(120), 4096, 1024 * 1024, TimeSpan.Zero, Durability.Confirmed);

    private static readonly SessionSetup[] Setups = [Small, Small with { PresenceInterval = TimeSpan.FromSeconds(3) }];

    // What happens, as the steps of a world: kind, client, choice. Each ends in a turn of its own.
    private static readonly (int Kind, int Client, int Choice)[][] Alphabet =
    [
        [(11, 0, 0), (0, 0, 1), (0, 0, 1)], // alice comes, or comes back
        [(11, 1, 0), (0, 1, 1), (0, 1, 1)],
        [(14, 0, 0), (0, 0, 1)], // she says something
        [(4, 0, 0), (4, 0, 0), (4, 0, 0), (4, 0, 0)], // what is under way arrives at her
        [(4, 1, 0), (4, 1, 0), (4, 1, 0), (4, 1, 0)],
        [(8, 0, 0), (10, 0, 1)], // her connection is lost
        [(18, 0, 1)], // everybody is told something, but alice
        [(21, 0, 8)], // her metadata change
        [(21, 1, 7)], // bob is kicked
        [(13, 0, 2)], // time passes
        [(24, 0, 1)], // a commit lands, and the room hears of it
        [(33, 0, 0), (32, 0, 1)], // an alarm is set, with a snapshot
    ];

    /// <summary>Explores all histories of so many things that happen.</summary>
    public static Report Explore(int depth)
    {
        long began = Stopwatch.GetTimestamp();
        long runs = 0, steps = 0;
        string? failure = null;
        int[][] beginnings = [.. Setups.SelectMany((_, setup) => Enumerable.Range(0, Alphabet.Length).SelectMany(
            first => Enumerable.Range(0, Alphabet.Length).Select(second => new[] { setup, first, second })))];
        Parallel.ForEach(beginnings, beginning =>
        {
            int[] history = new int[depth];
            (history[0], history[1]) = (beginning[1], beginning[2]);
            do
            {
                if (Volatile.Read(ref failure) is not null)
                    return;
                for (int landing = 0, last = 0; landing <= last; landing++)
                {
                    string? violation = Try(Setups[beginning[0]], history, landing, out last);
                    Interlocked.Increment(ref runs);
                    Interlocked.Add(ref steps, depth + 1);
                    if (violation is not null)
                        Interlocked.CompareExchange(ref failure, $"{string.Join(' ', history)}, {landing} landing, {Setups[beginning[0]]}: {violation}", null);
                }
            }
            while (TryNext(history));
        });
        return new Report(runs, steps, 0, Stopwatch.GetElapsedTime(began), failure);
    }

    private static string? Try(SessionSetup setup, int[] history, int landing, out int underWay)
    {
        var world = new SessionWorld(setup);
        string? violation = null;

        // Both are there, and have been told all that a newcomer is, of which the last has not landed yet.
        foreach ((int kind, int client, int choice) in Alphabet[0].Concat(Alphabet[1]).Append((24, 0, 1)).Append((24, 0, 1)).Append((24, 0, 1)).Concat(Alphabet[3]).Concat(Alphabet[4]))
            violation ??= world.Do(kind, client, choice);
        foreach (int happening in history)
        {
            foreach ((int kind, int client, int choice) in Alphabet[happening])
                violation ??= world.Do(kind, client, choice);
        }
        underWay = world.CommitsUnderWay;
        world.Crash(landing);
        return violation ?? world.Heal();
    }

    /// <summary>The next history with the same beginning.</summary>
    private static bool TryNext(int[] history)
    {
        for (int i = history.Length - 1; i >= 2; i--)
        {
            if (++history[i] < Alphabet.Length)
                return true;
            history[i] = 0;
        }
        return false;
    }
}
