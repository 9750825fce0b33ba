using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>I7: each attempt has one answer. I5: nobody is told anything outside of a link. Cuts a client's log into its links.</summary>
internal sealed class ReplyCheck(ClientLog client, Violations violations)
{
    private readonly List<Episode> _episodes = [];
    private Episode? _episode;
    private string? _asked;
    private string? _former;

    public static IReadOnlyList<Episode> Read(ClientLog client, Violations violations)
    {
        var check = new ReplyCheck(client, violations);
        foreach (ClientEntry entry in client.Entries)
            check.Take(entry);
        if (check._asked is string user && client.Rest is not null)
            violations.Add("I7", $"{client.Name}: the attempt to be {user} has no answer");
        return check._episodes;
    }

    private void Take(ClientEntry entry)
    {
        switch (entry.Sight)
        {
            case Sight.Opened:
                break;
            case Sight.Asked:
                if (_asked is not null)
                    violations.Add("I7", $"{client.Name}: the attempt to be {_asked} had no answer before the next");
                _asked = entry.User;
                break;
            case Sight.Accepted or Sight.Rejected:
                Answer(entry.Sight);
                break;
            case Sight.Closed:
                EndEpisode();
                _asked = _former = null;
                break;
            case Sight.Said:
                _episode?.Said = entry.Number;
                break;
            case Sight.Welcomed:
                _episode?.Link = entry.Number;
                break;
            default:
                Tell(entry);
                break;
        }
    }

    private void Answer(Sight answer)
    {
        if (_asked is null)
            violations.Add("I7", $"{client.Name}: {answer}, and there was no attempt without an answer");
        if (answer == Sight.Accepted)
            _episodes.Add(_episode = new Episode(client) { User = _asked ?? "" });
        _asked = null;
    }

    private void Tell(ClientEntry entry)
    {
        if (_episode is null)
        {
            if (entry.Sight != Sight.Left || entry.User != _former)
                violations.Add("I5", $"{client.Name} was told while not linked: {entry}");
            return;
        }
        (_episode.Link == 0 ? _episode.Snapshot : _episode.Stream).Add(entry);
        if (entry.Sight == Sight.Unlinked && entry.User == _episode.User)
        {
            _former = _episode.User;
            EndEpisode();
        }
    }

    private void EndEpisode()
    {
        _episode?.IsOpen = false;
        _episode = null;
    }
}
