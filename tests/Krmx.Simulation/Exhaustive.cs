using System.Diagnostics;

namespace Krmx.Simulation;

/// <summary>
/// Every sequence of a few inputs, to a small depth: two users, two connections, one asynchronous authentication each; and two clients with sessions
/// for one user.
/// </summary>
public static class Exhaustive
{
    private static readonly Setup Small = new(2, 2, LinkConflict.Reject, false, 32, 64 * 1024);

    private static readonly Step[] Opened = [new(StepKind.Open, 0, 0), new(StepKind.Open, 1, 0)];

    // The second connection wants the first one's user; both are authenticated at once.
    private static readonly Step[] Challenged = [.. Opened, new(StepKind.Link, 0, 0), new(StepKind.Link, 1, 0)];

    private static readonly Step[] InSession = [.. Opened, new(StepKind.LinkWithSession, 0, 0)];

    private static readonly (Setup Setup, Step[] Beginning)[] Beginnings =
    [
        (Small, Opened),
        (Small with { Conflict = LinkConflict.Replace }, Opened),
        (Small with { Conflict = LinkConflict.Challenge }, Opened),
        (Small with { Conflict = LinkConflict.Challenge }, Challenged),
        (Small with { AuthenticateFirst = true }, Opened),
        (Small with { Conflict = LinkConflict.Replace, AuthenticateFirst = true }, Opened),
        (Small with { MaxUsers = 1, UserTimeout = TimeSpan.FromSeconds(12) }, Opened),
        (Small with { PresenceInterval = TimeSpan.FromSeconds(5) }, Opened),
        (Small with { MaxUsers = 1, Conflict = LinkConflict.Replace, AuthenticateFirst = true }, Opened),
    ];

    private static readonly (Setup Setup, Step[] Beginning)[] BeginningsOfSessions =
    [
        (Small, InSession),
        (Small with { Conflict = LinkConflict.Replace }, InSession),
        (Small with { Conflict = LinkConflict.Challenge, PresenceInterval = TimeSpan.FromSeconds(5) }, InSession),
        (Small with { MaxJournalEntries = 0 }, InSession),
        (Small with { MaxJournalEntries = 1, AuthenticateFirst = true }, InSession),
        (Small with { MaxUsers = 1, UserTimeout = TimeSpan.FromSeconds(5) }, InSession),
    ];

    private static readonly Step[] Alphabet =
    [
        // The first connection's link is authenticated later; the second's too, so that answers cross, and has the extension presence.
        .. from connection in Enumerable.Range(0, 2)
           from name in Enumerable.Range(0, 2)
           select new Step(StepKind.Link, connection, name, Choice: connection == 0 ? 1 : 9),
        .. Enumerable.Range(0, 2).SelectMany(connection => new Step[]
        {
            new(StepKind.Message, connection, 0),
            new(StepKind.Unlink, connection, 0),
            new(StepKind.Leave, connection, 0),
            new(StepKind.Lose, connection, 0),
        }),
        .. Enumerable.Range(0, 2).SelectMany(back => new Step[]
        {
            new(StepKind.AuthAccept, 0, 0, back),
            new(StepKind.AuthReject, 0, 0, back),
            new(StepKind.PassTime, 0, 0, 2),
        }),
        new(StepKind.Answer, 0, 0),
        new(StepKind.AppKick, 0, 0),
        new(StepKind.AppUnlink, 0, 0),
        new(StepKind.AppJoin, 0, 0, Choice: 1),
        new(StepKind.CloseServer, 0, 0),
    ];

    private static readonly Step[] AlphabetOfSessions =
    [
        // Of the client that has the session and of another one; the last is of no client with sessions.
        new(StepKind.LinkWithSession, 1, 0),
        new(StepKind.LinkWithSession, 1, 0, Choice: 4),
        new(StepKind.Link, 1, 0),

        // Right; without a count; stale; with another client's key; all of a session that has a connection, where there is one.
        new(StepKind.Resume, 1, 0, Choice: 6 * 4),
        new(StepKind.Resume, 1, 0, Choice: 4 * 4),
        new(StepKind.Resume, 1, 0, Choice: (6 * 4) + (14 * 32)),
        new(StepKind.Resume, 1, 0, Choice: (6 * 4) + (13 * 32)),
        new(StepKind.Resume, 1, 0, Choice: (2 * 4) + (5 * 512)),
        new(StepKind.LoseWithSession, 0, 0, Choice: 3 * 4),
        new(StepKind.Message, 0, 0),
        new(StepKind.Ack, 0, 0, Choice: 7 * 4),
        new(StepKind.Unlink, 0, 0),
        new(StepKind.AppBroadcast, 0, 0),
        new(StepKind.AppBroadcastExcept, 0, 0),
        new(StepKind.AppSend, 0, 0),
        new(StepKind.AppKick, 0, 0),
        new(StepKind.PassTime, 0, 0, Choice: 2),
        new(StepKind.PassMoment, 0, 0, Choice: 4),
    ];

    /// <summary>
    /// Tries every sequence, under every conflict policy, with strangers who are told how things are and not; and has faults stop after each that is
    /// shorter by one, as what follows then takes longer than all before.
    /// </summary>
    public static Report Explore(int depth)
    {
        long runs = 0, steps = 0;
        string? failure = null;
        var clock = Stopwatch.StartNew();
        foreach ((Setup setup, Step[] beginning) in Beginnings)
            ExploreBoth(setup, beginning, Alphabet);
        foreach ((Setup setup, Step[] beginning) in BeginningsOfSessions)
            ExploreBoth(setup, beginning, AlphabetOfSessions);
        return new Report(runs, steps, 0, clock.Elapsed, failure);

        void ExploreBoth(Setup setup, Step[] beginning, Step[] alphabet)
        {
            Explore(setup, beginning, alphabet, depth, heals: false);
            Explore(setup, beginning, alphabet, depth - 1, heals: true);
        }

        void Explore(Setup setup, Step[] beginning, Step[] alphabet, int length, bool heals)
        {
            Parallel.For(0L, (long)Math.Pow(alphabet.Length, length), (index, state) =>
            {
                List<Step> history = [.. beginning];
                for (int i = 0; i < length; i++, index /= alphabet.Length)
                    history.Add(alphabet[index % alphabet.Length]);
                Outcome outcome = Run.FromSteps(setup, history, heals);
                Interlocked.Increment(ref runs);
                Interlocked.Add(ref steps, outcome.Steps);
                if (outcome.Violation is not null)
                {
                    Interlocked.CompareExchange(ref failure, $"{setup}\n{string.Join('\n', history)}\nends in: {outcome.Violation}", null);
                    state.Stop();
                }
            });
        }
    }
}
