using Krmx.Testing;

namespace Krmx.State.Tests.Simulation;

/// <summary>A server and its clients, and the naive ones beside them, one step at a time.</summary>
internal sealed partial class SimWorld
{
    public const string Game = "game";
    public const string Journal = "journal";

    private static readonly string[] ClientTypes = ["projection/", "stream/", "atom/"];

    private readonly ServerProjection<Game, GameView> _game;
    private readonly ServerStream<Journal> _journal;
    private readonly ServerAtoms _atoms;
    private readonly NaiveServerGame _naiveGame;
    private readonly NaiveServerJournal _naiveJournal;
    private readonly NaiveServerAtoms _naiveAtoms;
    private readonly SimClient[] _clients;
    private Step _armed;
    private int _failures;
    private int _refusals;
    private bool _canDrop = true;
    private string? _violation;

    public SimWorld(Setup setup)
    {
        Setup = setup;
        Room = new TestRoom(options: new KrmxRoomOptions
        {
            Links = { IsValidUsername = static _ => true, Conflict = setup.Conflict },
            Sessions = { Grace = setup.Grace, MaxJournalEntries = setup.MaxJournalEntries },
        });
        Room.Room.OnLink((_, link) =>
        {
            if (!link.IsRecovered)
                Speaking!.BeginAnew();
        });

        // Each naive state is told of an event just before the real one, and the listeners that react after all of them.
        _naiveGame = new NaiveServerGame(this, setup.ClearsWhenEmpty);
        _game = Room.Room.AddProjection(Game, GameModel.Model, new()
        {
            ClearsWhenEmpty = setup.ClearsWhenEmpty,
            Initial = GameModel.Deal,
            Delta = new() { OmitsOldValues = setup.OmitsOldValues },
        });
        _naiveJournal = new NaiveServerJournal(this, setup.ClearsWhenEmpty, setup.MaxLogBytes, setup.IsLogCut);
        _journal = Room.Room.AddStream(Journal, setup.JournalModel, new()
        {
            ClearsWhenEmpty = setup.ClearsWhenEmpty,
            MaxLogBytes = setup.MaxLogBytes,
        });
        _naiveAtoms = new NaiveServerAtoms(this, setup.ClearsWhenEmpty, setup.HasStrictPrefixes, setup.MaxAtomBytes);
        _atoms = Room.Room.AddAtoms(new()
        {
            ClearsWhenEmpty = setup.ClearsWhenEmpty,
            HasStrictPrefixes = setup.HasStrictPrefixes,
            MaxBytes = setup.MaxAtomBytes,
        });
        Listen();
        Room.Open();
        _clients = [.. Enumerable.Range(0, setup.Clients).Select(index => new SimClient(this, index))];
    }

    public Setup Setup { get; }

    public TestRoom Room { get; }

    /// <summary>The client whose frame is being delivered to the server.</summary>
    public SimClient? Speaking { get; private set; }

    /// <summary>A number that differs when what was sent differs.</summary>
    public ulong Hash => _clients.SelectMany(static client => client.Client.Received)
        .Aggregate(0UL, static (hash, frame) => hash * 31 + (ulong)string.GetHashCode(frame, StringComparison.Ordinal));

    /// <summary>Remembers what is wrong; the first one counts. It is no exception, as those of listeners are caught.</summary>
    public void Fail(string what) => _violation ??= what;

    /// <summary>Does a step, and looks at everything.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Do(in Step step)
    {
        _armed = step;
        try
        {
            Wait(TimeSpan.FromTicks(1)); // so that few things happen at the same time
            Do(step.Kind, _clients[step.Client % _clients.Length], step.Choice);
        }
        catch (Exception error)
        {
            Fail($"{step}: {error}");
        }
        _armed = default;
        Compare();
        return _violation;
    }

    /// <summary>Does what a step wants a listener to do at this moment, once.</summary>
    public void React(Moment moment, SimClient? client = null)
    {
        if (_armed.Moment != moment)
            return;
        Step step = _armed;
        _armed = default;
        Do(step.Reaction, client ?? _clients[step.Client % _clients.Length], step.ReactionChoice);
        if (step.ReactionChoice % 5 == 0)
            throw new InvalidOperationException(GameModel.Planted + ": a listener that throws");
    }

    /// <summary>Lets everything settle; then every client must have what the server has, whether or not it links anew.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Heal()
    {
        foreach (SimClient client in _clients.Where(static client => client.IsAway))
        {
            Do(StepKind.Connect, client, 0);
            client.Return();
        }
        Do(new Step(StepKind.DeliverAll, 0, 0));
        Wait(Setup.Lifetime);
        Update(
            static game => game with { Poisoned = null, Round = GameModel.IsReadable(game.Round) ? game.Round : game.Round + 1 },
            static game => (game.Poisoned, game.Round) = (null, GameModel.IsReadable(game.Round) ? game.Round : game.Round + 1));
        CompareAtRest(mustBeLive: false);
        foreach (SimClient client in _clients)
        {
            Do(client.Client.Resumes ? StepKind.DropForGood : StepKind.Drop, client, 0);
            Do(StepKind.Connect, client, 0);
        }
        foreach (SimClient client in _clients)
            client.Client.Link(Catalogue.Names[client.Index]);
        CompareAtRest(mustBeLive: true);
        return _violation;
    }

    private void CompareAtRest(bool mustBeLive)
    {
        Do(new Step(StepKind.DeliverAll, 0, 0));
        foreach (SimClient client in _clients)
            client.CompareAtRest(_game, _journal, _atoms, mustBeLive);
    }

    private void Compare()
    {
        foreach (SimClient client in _clients)
            client.Compare();
        CompareServer();
        for (; _failures < Room.Failures.Count; _failures++)
        {
            if (!Room.Failures[_failures].Message.StartsWith(GameModel.Planted, StringComparison.Ordinal))
                Fail($"nobody planted this: {Room.Failures[_failures]}");
        }
        for (; _refusals < Room.Refusals.Count; _refusals++)
        {
            // A client's refusals begin with the type of what it was sent, the server's with who sent it.
            string refusal = Room.Refusals[_refusals];
            if (ClientTypes.Any(type => refusal.StartsWith(type, StringComparison.Ordinal)))
                Fail($"a client could not follow: {refusal}");
        }
    }

    private void CompareServer()
    {
        Game game = _game.State with { Poisoned = null };
        foreach (string name in Catalogue.Names)
            Same($"the server's game for {name}", Json.Of(GameModel.Model.View(game, name)), _naiveGame.Game.ViewOf(name).ToString());
        Same(
            "the server's deck",
            Join(game.Deck.Select(static card => card.Id)),
            Join(_naiveGame.Game.Deck.Select(static card => card.Id)));
        Same("who is poisoned", _game.State.Poisoned ?? "", _naiveGame.Game.Poisoned ?? "");
        Same("the server's journal", NaiveJournal.Show(_journal.State), _naiveJournal.Journal.ToString());
        Same("the server's events", $"{_journal.Count}", $"{_naiveJournal.Count}");
        Same(
            "the server's atoms",
            Join(_atoms.Keys.Select(key => $"{key}={_atoms[key]}")),
            Join(_naiveAtoms.Atoms.Select(static atom => $"{atom.Key}={atom.Value}")));

        static string Join(IEnumerable<string> texts) => string.Join(',', texts);
    }

    private void Same(string what, string actual, string expected)
    {
        if (actual != expected)
            Fail($"{what}: {actual}, not {expected}");
    }
}
