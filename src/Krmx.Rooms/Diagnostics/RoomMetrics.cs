using System.Diagnostics.Metrics;
using Krmx.Rooms;
using Krmx.Storage;

namespace Krmx.Diagnostics;

/// <summary>What rooms count in the meter "Krmx".</summary>
internal sealed class RoomMetrics
{
    /// <summary>The meter of rooms and gateways.</summary>
    public const string MeterName = "Krmx";

    /// <summary>Most turns take some ten microseconds; one of a second blocks its room.</summary>
    private static readonly InstrumentAdvice<double> TurnBuckets = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    };

    private readonly UpDownCounter<int> _linkedUsers;
    private readonly UpDownCounter<int> _rooms;
    private readonly Counter<long> _rejections;
    private readonly Histogram<double> _turnDuration;

    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _storedTurns;
    private readonly Counter<long> _failedCommits;

    public RoomMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _linkedUsers = meter.CreateUpDownCounter<int>("krmx.users.linked", "{user}", "Users linked to a connection.");
        _rooms = meter.CreateUpDownCounter<int>("krmx.rooms", "{room}", "Rooms that exist.");
        _rejections = meter.CreateCounter<long>("krmx.rejections", "{rejection}", "Links and messages rejected, by kind.");
        _turnDuration = meter.CreateHistogram("krmx.turn.duration", "s", "How long a room's turns take.", tags: null, TurnBuckets);
        _commitDuration = meter.CreateHistogram("krmx.store.commit.duration", "s", "How long commits to the store take.", tags: null, TurnBuckets);
        _storedTurns = meter.CreateCounter<long>("krmx.store.turns", "{turn}", "Turns of rooms that were stored.");
        _failedCommits = meter.CreateCounter<long>("krmx.store.failures", "{commit}", "Commits to the store that failed; each is tried again.");
        UserLinked = _ => _linkedUsers.Add(1);
        UserUnlinked = (_, reason) =>
        {
            // Those from before a restart were counted by the process that was.
            if (reason != UnlinkReason.ServerRestarted)
                _linkedUsers.Add(-1);
        };
    }

    /// <summary>Listens to the links of a room; the same for all, since a room at rest should cost little.</summary>
    public Action<KrmxUser> UserLinked { get; }

    /// <summary>Listens to the unlinks of a room; the same for all.</summary>
    public Action<KrmxUser, UnlinkReason> UserUnlinked { get; }

    public void RoomOpened() => _rooms.Add(1);

    public void RoomClosed() => _rooms.Add(-1);

    /// <summary>A room is put to rest, and its users stay linked as far as it knows.</summary>
    public void UsersGone(int count) => _linkedUsers.Add(-count);

    public void Committed(RoomCommit[] commits, TimeSpan duration)
    {
        _commitDuration.Record(duration.TotalSeconds);
        _storedTurns.Add(commits.Sum(static commit => (long)commit.Turns.Count));
    }

    public void CommitFailed() => _failedCommits.Add(1);

    public void Rejected(RejectionKind kind) => _rejections.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public void TurnEnded(TimeSpan duration) => _turnDuration.Record(duration.TotalSeconds);
}
