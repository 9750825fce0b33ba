using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>I2 and I6 where everything has come to rest, I10 in what was measured, I11 for those that come back, I12 for the rest.</summary>
internal static class RestCheck
{
    public static void Check(History history, IReadOnlyList<Episode> episodes, Violations violations)
    {
        CheckAgreement(history, violations);
        foreach (ClientLog client in history.Clients)
        {
            if (client.Retries && client.Rest?.Username is null)
                violations.Add("I11", $"{client.Name} is not linked again");
            if (client.IsHealthy && client.Entries.Any(entry => entry.Sight == Sight.Closed))
                violations.Add("I12", $"{client.Name} lost its connection, and nothing was done to it");
        }
        foreach (Episode episode in episodes.Where(episode => episode.Client.IsHealthy && !episode.IsOpen))
            violations.Add("I12", $"{episode.Client.Name} lost link {episode.Link}, and nothing was done to it");
        foreach (string incident in history.Incidents)
            violations.Add("I12", incident);
        foreach (Sample sample in history.Samples.Where(sample => sample.Value > sample.Most))
            violations.Add("I10", $"{sample.What} is {sample.Value}, more than {sample.Most}");
    }

    private static void CheckAgreement(History history, Violations violations)
    {
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ClientLog client in history.Clients)
        {
            if (client.Rest?.Username is not string user)
                continue;
            if (!holders.TryAdd(user, client.Name))
                violations.Add("I1", $"{client.Name} and {holders[user]} are both linked to {user}");
            if (!history.UsersAtRest.Contains(new ClientUser(user, true)))
                violations.Add("I2", $"{client.Name} is linked to {user}, the server says it is not");
            if (!client.Rest.Users.SequenceEqual(history.UsersAtRest))
                violations.Add("I6", $"{client.Name} knows other users than the server has");
        }
        foreach (ClientUser user in history.UsersAtRest.Where(user => user.IsLinked && !holders.ContainsKey(user.Name)))
            violations.Add("I2", $"the server says {user.Name} is linked, no client is");
    }
}
