using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>Judges a history by the invariants; each part walks it once.</summary>
/// <remarks>
/// I1 single link, I2 agreement, I3 lifecycle, I4 order, I5 authority, I6 view, I7 reply, I8 broadcast, I10 bounds, I11 liveness,
/// I12 containment.
/// </remarks>
internal static class HistoryChecker
{
    public static IReadOnlyList<string> Check(History history)
    {
        var violations = new Violations();
        List<Episode> episodes = [.. history.Clients.SelectMany(client => ReplyCheck.Read(client, violations))];
        Dictionary<long, ClientLog> owners = Claim(episodes, violations);
        Dictionary<long, LinkSpan> links = new LifecycleCheck(owners, violations).Walk(history);
        foreach (Episode episode in episodes.Where(episode => episode.Link > 0))
            DeliveryCheck.Check(history, episode, links, violations);
        RestCheck.Check(history, episodes, violations);
        return violations.Found;
    }

    /// <summary>Finds whose each link is.</summary>
    private static Dictionary<long, ClientLog> Claim(List<Episode> episodes, Violations violations)
    {
        var owners = new Dictionary<long, ClientLog>();
        foreach (Episode episode in episodes.Where(episode => episode.Link > 0))
        {
            if (!owners.TryAdd(episode.Link, episode.Client))
                violations.Add("I1", $"link {episode.Link} is of {owners[episode.Link].Name} and of {episode.Client.Name}");
        }
        return owners;
    }
}
