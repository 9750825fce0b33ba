using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>
/// What a client was told in a link is a prefix of what the server told its user in it, and all of it where the link still stands:
/// I4 order, I5 audience, I6 view, I8 broadcast; and I1 for the links of one client.
/// </summary>
internal static class DeliveryCheck
{
    public static void Check(History history, Episode episode, Dictionary<long, LinkSpan> links, Violations violations)
    {
        string where = $"{episode.Client.Name}, link {episode.Link}";
        if (!links.TryGetValue(episode.Link, out LinkSpan? span) || span.User != episode.User)
        {
            violations.Add("I5", $"{where}: the server gave no such link to {episode.User}");
            return;
        }
        if (span.Handled > episode.Said)
            violations.Add("I4", $"{where}: message {span.Handled} was handled, and only {episode.Said} were sent");
        if (!episode.Snapshot.SequenceEqual(SnapshotOf(span)))
            violations.Add("I6", $"{where}: the users told at first are not those of the server");
        CheckStream(history, episode, span, where, violations);
    }

    private static void CheckStream(History history, Episode episode, LinkSpan span, string where, Violations violations)
    {
        int told = 0;
        for (int i = span.Start + 1; i <= Math.Min(span.End, history.Server.Count - 1); i++)
        {
            if (Expected(history.Server[i], span.User) is not ClientEntry expected)
                continue;
            if (told == episode.Stream.Count)
            {
                if (episode.IsOpen && episode.Client.Rest is not null)
                    violations.Add(InvariantOf(expected), $"{where}: was never told: {expected}");
                return;
            }
            if (episode.Stream[told] != expected)
            {
                Explain(episode.Stream, told, expected, ExpectedFrom(history, span, i), where, violations);
                return;
            }
            told++;
        }
        if (told < episode.Stream.Count)
            violations.Add("I5", $"{where}: was told after the end: {episode.Stream[told]}");
    }

    private static void Explain(
        List<ClientEntry> stream, int at, ClientEntry expected, IEnumerable<ClientEntry> rest, string where, Violations violations)
    {
        ClientEntry actual = stream[at];
        string what = $"{where}: was told {actual} where {expected} was due";
        if (actual.Sight != Sight.Received || expected.Sight != Sight.Received)
            violations.Add("I6", what);
        else if (stream.IndexOf(expected, at) < 0)
            violations.Add("I8", what);
        else if (stream.IndexOf(actual) < at || rest.Contains(actual))
            violations.Add("I4", what);
        else
            violations.Add("I5", what);
    }

    private static IEnumerable<ClientEntry> ExpectedFrom(History history, LinkSpan span, int start) => history.Server
        .Take(Math.Min(span.End, history.Server.Count - 1) + 1).Skip(start).Select(entry => Expected(entry, span.User)).OfType<ClientEntry>();

    /// <summary>What a linked user is told of something; null for nothing.</summary>
    private static ClientEntry? Expected(ServerEntry entry, string user) => entry.Deed switch
    {
        Deed.Joined => new ClientEntry(Sight.Joined, entry.User),
        Deed.Linked => new ClientEntry(Sight.Linked, entry.User),
        Deed.Unlinked => new ClientEntry(Sight.Unlinked, entry.User),
        Deed.Left => new ClientEntry(Sight.Left, entry.User),
        Deed.Sent when entry.IsYes != (entry.User == user) => new ClientEntry(Sight.Received, Number: entry.Number),
        _ => null,
    };

    private static IEnumerable<ClientEntry> SnapshotOf(LinkSpan span)
    {
        foreach (ClientUser user in span.Users)
        {
            yield return new ClientEntry(Sight.Joined, user.Name);
            if (user.IsLinked)
                yield return new ClientEntry(Sight.Linked, user.Name);
        }
    }

    private static string InvariantOf(ClientEntry entry) => entry.Sight == Sight.Received ? "I8" : "I6";
}
