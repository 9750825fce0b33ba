using System.Text;
using System.Text.Json;
using Krmx.Testing;

namespace Krmx.State.Tests.Simulation;

/// <summary>A client with all three kinds of shared state, and beside each what it should be.</summary>
internal sealed class SimClient
{
    private readonly SimWorld _world;
    private readonly NaiveClientState<NaiveView> _naiveGame;
    private readonly NaiveClientState<NaiveJournal> _naiveJournal;
    private readonly NaiveClientState<SortedDictionary<string, string>> _naiveAtoms;
    private readonly ClientProjection<GameView> _game;
    private readonly ClientStream<Journal> _journal;
    private readonly ClientAtoms _atoms;
    private readonly List<(string What, List<DispatchResult> Told, List<DispatchResult> Due)> _dispatches = [];
    private bool _isReturning;

    public SimClient(SimWorld world, int index)
    {
        _world = world;
        Index = index;
        Client = world.Room.Connect();
        Client.Resumes = index < world.Setup.Resuming;
        var clock = new TestClientClock(world.Room, world.Setup.Lifetime);
        var options = new LiveOptions { OptimisticLifetime = world.Setup.Lifetime };

        _naiveGame = new(Client, clock, empty: null, isLiveAtLink: false);
        foreach (string type in (string[])["projection/set", "projection/delta", "projection/invalidate"])
            Client.OnMessage(type, message => Receive(type, HearView));
        _game = Client.AddProjection(SimWorld.Game, GameModel.Model, options);

        _naiveJournal = new(Client, clock, NaiveJournal.Empty, isLiveAtLink: true);
        foreach (string type in (string[])["stream/append", "stream/invalidate"])
            Client.OnMessage(type, message => Receive(type, Hear));
        _journal = Client.AddStream(SimWorld.Journal, world.Setup.JournalModel, options);

        _naiveAtoms = new(Client, clock, new(StringComparer.Ordinal), isLiveAtLink: true);
        foreach (string type in (string[])["atom/set", "atom/invalidate"])
            Client.OnMessage(type, message => Receive(type, HearAtom));
        _atoms = Client.AddAtoms(options);

        Client.OnStatus(_ =>
        {
            _isReturning = false;
            world.React(Moment.ClientStatus, this);
        });
        Client.OnLink(_ => world.React(Moment.ClientLink, this));
        Client.OnUnlink(_ => world.React(Moment.ClientUnlink, this));
        _game.OnChange(value => Changed(value, _game.View));
        _journal.OnChange(value => Changed(value, _journal.State));
        _atoms.OnChange(value => Changed(value, _atoms.All));
    }

    public int Index { get; }

    public TestClient Client { get; }

    /// <summary>The frames of shared state that are under way to the client, or will be when it comes back.</summary>
    public Queue<Expected> Expected { get; private set; } = [];

    /// <summary>Whether its link is to go on with another connection.</summary>
    public bool IsAway => Client is { Status: ClientStatus.Reconnecting, Username: not null };

    public TimeSpan? NextExpiry => new[] { _naiveGame.NextExpiry, _naiveJournal.NextExpiry, _naiveAtoms.NextExpiry }.Min();

    /// <returns>How many dispatches expired.</returns>
    public int Expire(TimeSpan now) => _naiveGame.Expire(now) + _naiveJournal.Expire(now) + _naiveAtoms.Expire(now);

    /// <summary>Its link begins anew: what was to be sent on the one before is not sent any more.</summary>
    public void BeginAnew() => Expected = [];

    /// <summary>Loses its connection, and what was under way, unless that is kept for it.</summary>
    public void Drop(bool reconnects)
    {
        _isReturning = false;
        if (!Client.Resumes)
            Expected.Clear();
        if (Client.Username is not null)
            IsToBeMadeAnew(reconnects && Client.Status != ClientStatus.Unlinking);
        Client.Drop(reconnects);
        if (Client.Username is not null) // it goes on as it is
            IsToBeMadeAnew(false);
    }

    /// <summary>Asks for its link to go on, where there is a connection and it has not done so.</summary>
    public void Return()
    {
        if (!Client.IsConnected || _isReturning)
            return;
        _isReturning = true;
        Client.Link(Client.Username!);
    }

    public void Act(KrmxAction action)
    {
        JsonElement? payload = Json.Of(action);
        string? refusal = action.Type is "play" or "paint" && payload!.Value.GetProperty("card").GetString()!.Length > 20
            ? "no card is called that"
            : null;
        Action<DispatchResult> told = Dispatch(action.ToString(), out Action<DispatchResult> due);
        _naiveGame.Dispatch((view, _) => view?.Expecting(action.Type, payload), static _ => false, refusal, due);
        _game.Dispatch(action, told);
    }

    public void Write(KrmxAction action)
    {
        JsonElement? payload = Json.Of(action);
        Action<DispatchResult> told = Dispatch(action.ToString(), out Action<DispatchResult> due);
        _naiveJournal.Dispatch(
            (journal, user) => journal!.After(user, action.Type, payload),
            appended => ((NaiveEvent)appended).HasContentOf(action.Type, payload),
            NaiveJournal.Refusal(action.Type, payload),
            due);
        _journal.Dispatch(action, told);
    }

    public void Set(string key, Atom atom)
    {
        var set = new KeyValuePair<string, string>(key, atom.ToString());
        Action<DispatchResult> told = Dispatch($"{key} = {atom}", out Action<DispatchResult> due);
        _naiveAtoms.Dispatch((atoms, _) => With(atoms!, set), set.Equals, null, due);
        _atoms.Set(key, atom, told);
    }

    /// <summary>Compares all that can be seen with what it should be.</summary>
    public void Compare()
    {
        string who = $"client {Index} ({Client.Username ?? "nobody"})";
        Same($"{who}: game", Show(_game.View), _naiveGame.Shown?.ToString() ?? "none");
        Same($"{who}: confirmed game", Show(_game.ConfirmedView), _naiveGame.Confirmed?.ToString() ?? "none");
        Same($"{who}: game is live, pending", (_game.IsLive, _game.PendingCount), (_naiveGame.IsLive, _naiveGame.PendingCount));
        Same($"{who}: journal", NaiveJournal.Show(_journal.State), _naiveJournal.Shown!.ToString());
        Same($"{who}: confirmed journal", NaiveJournal.Show(_journal.ConfirmedState), _naiveJournal.Confirmed!.ToString());
        Same(
            $"{who}: journal is live, pending",
            (_journal.IsLive, _journal.PendingCount),
            (_naiveJournal.IsLive, _naiveJournal.PendingCount));
        Same($"{who}: atoms", Show(_atoms), string.Join(',', _naiveAtoms.Shown!.Select(atom => $"{atom.Key}={atom.Value}")));
        Same($"{who}: atoms are live, pending", (_atoms.IsLive, _atoms.PendingCount), (_naiveAtoms.IsLive, _naiveAtoms.PendingCount));
        foreach ((string what, List<DispatchResult> told, List<DispatchResult> due) in _dispatches)
            Same($"{who}: answers to {what}", string.Join(", ", told), string.Join(", ", due));
        _dispatches.RemoveAll(static dispatch => dispatch.Due.Count > 0);
    }

    /// <summary>Compares with the server itself, once nothing is under way.</summary>
    public void CompareAtRest(ServerProjection<Game, GameView> game, ServerStream<Journal> journal, ServerAtoms atoms, bool mustBeLive)
    {
        string who = $"at rest, client {Index} ({Client.Username ?? "nobody"})";
        Same($"{who}: pending", _game.PendingCount + _journal.PendingCount + _atoms.PendingCount, 0);
        Same($"{who}: unanswered dispatches", _dispatches.Count, 0);
        if (Client.Status == ClientStatus.Linked)
            Same($"{who}: frames under way", Expected.Count, 0);
        if (mustBeLive)
            Same($"{who}: is live", (_game.IsLive, _journal.IsLive, _atoms.IsLive), (true, true, true));
        if (_game.IsLive)
            Same($"{who}: game", Show(_game.View), Show(game.View(Client.Username!)));
        if (_journal.IsLive)
            Same($"{who}: journal", NaiveJournal.Show(_journal.State), NaiveJournal.Show(journal.State));
        if (_atoms.IsLive)
        {
            string inOrder = string.Join(',', atoms.Keys.Order(StringComparer.Ordinal).Select(key => $"{key}={atoms[key]}"));
            Same($"{who}: atoms", Show(_atoms), inOrder);
        }
    }

    private void IsToBeMadeAnew(bool value) =>
        _naiveGame.IsToBeMadeAnew = _naiveJournal.IsToBeMadeAnew = _naiveAtoms.IsToBeMadeAnew = value;

    private static string Show(GameView? view) => view is null ? "none" : Json.Of(view);

    private static string Show(ClientAtoms atoms) =>
        string.Join(',', atoms.All.OrderBy(atom => atom.Key, StringComparer.Ordinal).Select(atom => $"{atom.Key}={atom.Value}"));

    private static SortedDictionary<string, string> With(SortedDictionary<string, string> atoms, KeyValuePair<string, string> set) =>
        new(atoms, StringComparer.Ordinal) { [set.Key] = set.Value };

    /// <summary>A listener is given what is shown now, whatever listeners before it have done.</summary>
    private void Changed(object? told, object? shown)
    {
        if (!ReferenceEquals(told, shown))
            _world.Fail($"client {Index}: a listener was told {told}, and {shown} is shown");
        _world.React(Moment.ClientChange, this);
    }

    private void HearView(Expected frame)
    {
        if (frame.Value is NaiveView view)
            _naiveGame.Receive(frame, _ => view, matchesContent: false, GameModel.IsReadable(view.Round));
        else
            _naiveGame.Receive(frame, null, matchesContent: false);
    }

    private void Hear(Expected frame)
    {
        if (frame.Value is NaiveEvent { } appended)
        {
            _naiveJournal.Receive(
                frame,
                journal => journal!.After(appended.User, appended.Type, appended.Payload),
                matchesContent: _naiveJournal.IsOf(appended.User));
        }
        else
            _naiveJournal.Receive(frame, null, matchesContent: false);
    }

    private void HearAtom(Expected frame)
    {
        if (frame.Value is KeyValuePair<string, string> set)
            _naiveAtoms.Receive(frame, atoms => With(atoms!, set), matchesContent: true);
        else
            _naiveAtoms.Receive(frame, null, matchesContent: false);
    }

    private void Receive(string type, Action<Expected> hear)
    {
        string text = Client.Received[^1];
        if (!Expected.TryDequeue(out Expected? expected))
        {
            _world.Fail($"client {Index} got {text}, and nothing was to be sent");
            return;
        }
        if (expected.Text is null ? !IsDelta(text, expected) : text != expected.Text)
            _world.Fail($"client {Index} got {text}, not {expected.Text ?? expected.ToString()}");
        foreach (string secret in expected.Secrets)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
                _world.Fail($"client {Index} learnt {secret} from {text}");
        }
        if (type == expected.Type)
            hear(expected);
    }

    /// <summary>Whether a frame is a delta for the right one; what it comes to is compared when it has been applied.</summary>
    private static bool IsDelta(string text, Expected expected)
    {
        var frame = JsonElement.Parse(Encoding.UTF8.GetBytes(text));
        if (frame.GetProperty("type").GetString() != expected.Type)
            return false;
        JsonProperty[] members = [.. frame.GetProperty("payload").EnumerateObject()];
        return members.Select(static member => member.Name).SequenceEqual(
                expected.Id is null ? ["domain", "delta"] : ["domain", "delta", "optimisticId"])
            && members[0].Value.GetString() == SimWorld.Game
            && (expected.Id is null || members[2].Value.GetString() == expected.Id);
    }

    private Action<DispatchResult> Dispatch(string what, out Action<DispatchResult> due)
    {
        List<DispatchResult> told = [], expected = [];
        _dispatches.Add((what, told, expected));
        due = expected.Add;
        return result =>
        {
            if (told.Count > 0)
                _world.Fail($"client {Index}: {what} was answered twice, {told[0]} and {result}");
            told.Add(result);
            _world.React(Moment.ClientCompleted, this);
        };
    }

    private void Same<T>(string what, T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            _world.Fail($"{what}: {actual}, not {expected}");
    }
}
