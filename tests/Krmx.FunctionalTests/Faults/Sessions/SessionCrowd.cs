using System.Collections.Concurrent;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>Rooms of clients with sessions behind a proxy that does all it can to them, and in each room one to whom nothing is done.</summary>
internal sealed class SessionCrowd : IAsyncDisposable
{
    private const int Faulty = 10; // in each room

    // One room in ten keeps so little that those who are away for long have a gap.
    private const string Wide = "wide", Tight = "tight";
    private const int TightRooms = 10, FewEntries = 50;

    private static readonly ParallelOptions AFewAtATime = new() { MaxDegreeOfParallelism = 32 };
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);

    // Clients are hasty: a connection that they give up wrongly is one more to come back from. The server waits, as on a busy machine an answer takes seconds.
    private static readonly TimeSpan TimeoutOfClients = TimeSpan.FromSeconds(4), TimeoutOfServer = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Member> _members = [];
    private readonly ConcurrentDictionary<string, Member> _witnesses = [];
    private readonly ConcurrentQueue<string> _lostWitnesses = [];
    private readonly ConcurrentDictionary<string, KrmxRoom> _rooms = [];
    private readonly ConcurrentDictionary<string, long> _lastNumbers = [];
    private readonly TestServer _server;
    private FaultProxy _proxy = null!;

    private SessionCrowd() => _server = new TestServer
    {
        Build = builder => builder.Logging.SetMinimumLevel(LogLevel.Error), // there is no end of lost connections
        Map = app =>
        {
            app.MapKrmx($"/{Wide}/{{room}}", SetUp, Configure);
            app.MapKrmx($"/{Tight}/{{room}}", SetUp, options =>
            {
                Configure(options);
                options.Sessions.MaxJournalEntries = FewEntries;
            });
        },
    };

    /// <summary>How many clients suffer.</summary>
    public int Suffering => _members.Count - _witnesses.Count;

    /// <summary>What the clients saw.</summary>
    public string Figures
    {
        get
        {
            Member[] tight = [.. _members.Values.Where(member => IsTight(member.Username))];
            return $"{Suffering} clients with faults and {_witnesses.Count} without in {_rooms.Count} rooms: {_members.Values.Sum(member => member.Heard):N0} messages heard, " +
                $"{_members.Values.Sum(member => member.Handled):N0} handled, {_members.Values.Sum(member => member.Recovered):N0} times recovered, " +
                $"{_members.Values.Sum(member => member.Gaps) - tight.Sum(member => member.Gaps)} gaps, " +
                $"and {tight.Sum(member => member.Gaps):N0} in the {_rooms.Keys.Count(IsTight)} rooms that keep {FewEntries} messages";
        }
    }

    /// <summary>How often clients went on where they had left off.</summary>
    public int Recovered => _members.Values.Sum(member => member.Recovered);

    /// <summary>How many gaps there were in rooms that keep enough.</summary>
    public int Gaps => _members.Values.Where(member => !IsTight(member.Username)).Sum(member => member.Gaps);

    public static async Task<SessionCrowd> StartAsync(int rooms)
    {
        OpenFiles.Demand((rooms * (2 + (8 * Faulty))) + 1000);
        var crowd = new SessionCrowd();
        await crowd._server.StartAsync();
        crowd._proxy = new FaultProxy(crowd.UriOf(""));
        for (int i = 0; i < rooms; i++)
        {
            string room = $"{(i % TightRooms == 0 ? Tight : Wide)}{i}";
            for (int j = 0; j <= Faulty; j++)
                crowd.Add(room, $"{room}.{j}", isWitness: j == 0);
        }
        await Parallel.ForEachAsync(crowd._members.Values, AFewAtATime, async (member, _) => await member.LinkAsync());
        return crowd;
    }

    /// <summary>Does everything to the clients, in random order, while all talk, and judges what came of it.</summary>
    public async Task SufferAsync(Random random)
    {
        Action[] faults = Faults(random);
        random.Shuffle(faults);
        foreach (Action fault in faults)
        {
            _proxy.IsDown = false;
            fault();
            await TalkAsync(random.Next());

            // Every second fault meets clients that have come back, the others those that are on their way.
            if (random.Next(2) == 0)
                await RestAsync();
        }
        await RestAsync();
        Assert.Empty(_lostWitnesses);
        Assert.All(_witnesses.Values, witness => Assert.Equal((0, 0), (witness.Gaps, witness.Recovered)));
    }

    public async ValueTask DisposeAsync()
    {
        await Parallel.ForEachAsync(_members.Values, AFewAtATime, async (member, _) => await member.DisposeAsync());
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    private Action[] Faults(Random random) =>
    [
        .. RandomFaults.Of(_proxy, () => new ProxyFaults { CutAfter = random.Next(300, 4000), Manner = random.GetItems(Enum.GetValues<CutManner>(), 1)[0] }),
        () =>
        {
            _proxy.IsDown = true;
            _proxy.Cut();
        },
    ];

    /// <summary>Everybody says something, and each room has something for all, for all but one, and for one; twice, when the witnesses have heard it.</summary>
    private async Task TalkAsync(int salt)
    {
        for (int i = 0; i < 2; i++)
        {
            await Parallel.ForEachAsync(_members.Values, AFewAtATime, async (member, _) => await member.SayAsync());
            await Parallel.ForEachAsync(_rooms, AFewAtATime, async (named, _) => await named.Value.InvokeAsync(() =>
            {
                string someone = named.Value.Users[(salt + i) % named.Value.Users.Count].Name;
                Tell(named.Value, _ => true, told => named.Value.Broadcast("told", told));
                Tell(named.Value, user => user.Name != someone, told => named.Value.BroadcastExcept(someone, "told", told));
                if (named.Value.FindUser(someone)!.IsReachable)
                    Tell(named.Value, user => user.Name == someone, told => named.Value.Send(someone, "told", told));
            }));
            await UntilAtRestAsync(_witnesses.Values);
        }
    }

    /// <summary>Ends the faults, and waits until nothing is under way any more.</summary>
    private Task RestAsync()
    {
        _proxy.Heal();
        return UntilAtRestAsync(_members.Values);
    }

    private static async Task UntilAtRestAsync(ICollection<Member> members)
    {
        foreach (Member member in members)
            await Patience.Until(() => member.IsAtRest || member.Violations.Length > 0, member.ToString);
        Assert.Empty(members.SelectMany(member => member.Violations));
    }

    private void SetUp(KrmxRoom room)
    {
        _rooms[room.Name] = room;
        room.OnLink((user, link) =>
        {
            if (!link.IsRecovered)
                room.Send(user.Name, "welcome", _members[user.Name].BeginTelling());
        });
        room.OnUnlink((user, reason) =>
        {
            if (_witnesses.ContainsKey(user.Name))
                _lostWitnesses.Enqueue($"{user.Name}: {reason}");
        });
        room.OnMessage<int>("say", (user, number) =>
        {
            _members[user.Name].Handle(number);
            Tell(room, _ => true, told => room.Broadcast("told", told));
        });
    }

    /// <summary>Tells the next number, and notes whom.</summary>
    private void Tell(KrmxRoom room, Func<KrmxUser, bool> isFor, Action<long> send)
    {
        long number = _lastNumbers.AddOrUpdate(room.Name, 1, static (_, last) => last + 1);
        foreach (KrmxUser user in room.Users.Where(user => user.IsReachable && isFor(user)))
            _members[user.Name].Tell(number);
        send(number);
    }

    private void Add(string room, string username, bool isWitness)
    {
        Uri direct = UriOf($"{(IsTight(room) ? Tight : Wide)}/{room}");
        Uri uri = isWitness ? direct : new UriBuilder(direct) { Port = _proxy.Uri.Port }.Uri;
        var member = new Member(username, uri, new KrmxClientOptions
        {
            Reconnect = { MinDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromSeconds(1) },

            // A machine that stands still is no fault of the network's.
            KeepAlive = { Interval = PingInterval, Timeout = isWitness ? Patience.Limit : TimeoutOfClients },
            Timeouts = { Connect = TimeSpan.FromSeconds(15), Close = TimeSpan.FromSeconds(5) },
        });
        _members[username] = member;
        if (isWitness)
            _witnesses[username] = member;
    }

    private static void Configure(KrmxOptions options)
    {
        options.Pings.Interval = PingInterval;
        options.Pings.Timeout = TimeoutOfServer;
    }

    private static bool IsTight(string name) => name.StartsWith(Tight, StringComparison.Ordinal);

    private Uri UriOf(string path) => new($"ws://127.0.0.1:{_server.Port}/{path}");
}
