using Krmx.State;

namespace Krmx.Testing;

/// <summary>One run of a <see cref="ProjectionCheck"/>.</summary>
internal sealed class ProjectionPlay<TState, TView>
{
    private const string Domain = "checked";
    private const int StepsPerDrop = 20;

    private readonly TestRoom _room = new(new KrmxRoomOptions { IsValidUsername = static _ => true });
    private readonly ProjectionModel<TState, TView> _model;
    private readonly ServerProjection<TState, TView> _server;
    private readonly ProjectionPlayer<TView>[] _players;
    private readonly Func<TState, string, IEnumerable<string>> _secrets;
    private readonly int _seed;
    private int _step;
    private string _done = "linking";
    private int _accepted;
    private int _refused;
    private int _frames;

    public ProjectionPlay(
        ProjectionModel<TState, TView> model,
        IReadOnlyList<string> users,
        Func<TState, string, IEnumerable<string>> secrets,
        int seed,
        ProjectionOptions<TState>? options)
    {
        _model = model;
        _secrets = secrets;
        _seed = seed;
        _server = _room.AddProjection(Domain, model, options);
        _room.Listen();
        _players = [.. users.Select(Join)];
    }

    public ProjectionCheckResult Run(Func<TState, Random, (string User, KrmxAction Action)> act, int steps)
    {
        var random = new Random(_seed);
        Dictionary<string, HashSet<string>> secrets = SecretsNow();
        Deliver(secrets);
        for (_step = 1; _step <= steps; _step++)
        {
            secrets = SecretsNow();
            if (random.Next(StepsPerDrop) == 0)
                _players[random.Next(_players.Length)].Relink();
            (string user, KrmxAction action) = act(_server.State, random);
            _done = $"'{action}' by {user}";
            ProjectionPlayer<TView> player = _players.FirstOrDefault(player => player.Name == user)
                ?? throw new ArgumentException($"The action {_done} is of nobody who plays.", nameof(act));
            _room.Deliver();
            player.Projection.Dispatch(action, Count);
            Deliver(secrets);
        }
        return new ProjectionCheckResult(_accepted, _refused, _frames);
    }

    private ProjectionPlayer<TView> Join(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TestClient client = _room.Connect();
        var player = new ProjectionPlayer<TView>(name, client, client.AddProjection(Domain, _model));
        player.Link();
        _room.Deliver();
        return client.Status == ClientStatus.Linked
            ? player
            : throw new ArgumentException($"'{name}' is no user, or is one twice.", nameof(name));
    }

    private void Deliver(Dictionary<string, HashSet<string>> before)
    {
        _room.Deliver();
        if (_room.Failures.Count > 0)
            throw new ProjectionCheckException(_seed, _step, $"{_done} failed: {_room.Failures[0].Message}", _room.Failures[0]);
        Dictionary<string, HashSet<string>> now = SecretsNow();
        foreach (ProjectionPlayer<TView> player in _players)
        {
            Search(player, before[player.Name], now[player.Name]);
            Compare(player);
        }
    }

    /// <summary>
    /// Searches the frames of a step for what was secret all the time, and their outcome for what is secret now: a frame may still tell
    /// what is no secret any more, and may repeat what was none before.
    /// </summary>
    private void Search(ProjectionPlayer<TView> player, HashSet<string> before, HashSet<string> now)
    {
        string[] always = [.. now.Where(before.Contains)];
        while (player.Read() is JsonTree frame)
        {
            _frames++;
            Demand(player, SecretSearch.Find(frame, always));
        }
        Demand(player, player.Tree is null ? null : SecretSearch.Find(player.Tree, now));
    }

    private void Demand(ProjectionPlayer<TView> player, string? leaked)
    {
        if (leaked is null)
            return;
        string what = $"{player.Name} learnt the secret '{leaked}' after {_done}, from the frame {player.LastFrame}";
        throw new ProjectionCheckException(_seed, _step, what) { User = player.Name, Secret = leaked, Frame = player.LastFrame };
    }

    private void Compare(ProjectionPlayer<TView> player)
    {
        JsonTree view = _model.ViewTree(_server.State, player.Name);
        string? problem = !view.Equals(player.Tree) ? $"the view should be {view}, and what was sent comes to {player.Tree}"
            : !player.Projection.IsLive ? $"the client cannot read the view {view}: {string.Join("; ", _room.Refusals)}"
            : player.Projection.PendingCount > 0 ? "the server has not answered"
            : null;
        if (problem is null)
            return;
        string what = $"{player.Name} sees a wrong view after {_done}: {problem}";
        throw new ProjectionCheckException(_seed, _step, what) { User = player.Name, Frame = player.LastFrame };
    }

    private Dictionary<string, HashSet<string>> SecretsNow() => _players.ToDictionary(
        player => player.Name,
        player => new HashSet<string>(_secrets(_server.State, player.Name), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private void Count(DispatchResult result) => _ = result.IsAccepted ? _accepted++ : _refused++;
}
