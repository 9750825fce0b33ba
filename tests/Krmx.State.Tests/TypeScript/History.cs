using System.Text.Json.Serialization.Metadata;
using Krmx.Client;

namespace Krmx.State.Tests.TypeScript;

/// <summary>A random history of a client, as the .NET client has lived through it: each step, and what there was to see after it.</summary>
internal sealed class History
{
    private const int Length = 40;

    private static readonly string[] Words = ["a", "b", "c"];
    private static readonly int[] Lifetimes = [100, 1_000, 10_000];
    private static readonly int[] Waits = [1, 60, 400, 999, 5_000, 10_000];

    private readonly Random _random;
    private readonly LivingClient _client;
    private readonly HistoryServer _server;
    private readonly List<JsonTree> _script, _seen = [];

    public History(int seed)
    {
        _random = new Random(seed);
        var grant = (Grant)_random.Next(3);
        int lifetime = Lifetimes[_random.Next(Lifetimes.Length)];
        _server = new HistoryServer(_random, grant);
        _client = new LivingClient(TimeSpan.FromMilliseconds(lifetime), resumes: grant == Grant.Resume);
        _script = [JsonTree.ObjectOf([new("lifetime", JsonTree.Of(lifetime)), new("resumes", JsonTree.Of(grant == Grant.Resume))])];
        while (_seen.Count < Length)
            Step();
        if (_client.Status != ClientStatus.Disconnected)
            Do(_client.Disconnect, "disconnect");
    }

    /// <summary>How the client is set up, and the steps.</summary>
    public JsonTree Script => JsonTree.ArrayOf(_script);

    /// <summary>What there was to see after each step.</summary>
    public IReadOnlyList<JsonTree> Seen => _seen;

    /// <summary>A line for each step, up to one.</summary>
    public string Text(int last) => string.Join('\n', _script.Take(last + 2));

    private void Step()
    {
        if (!_client.IsConnected)
            StepAway();
        else if (_client.Status == ClientStatus.Connected && !_server.HasUndelivered && _random.Next(2) == 0)
            Link(_random.Next(4) == 0 ? "bob" : "ann");
        else
            StepConnected();
    }

    private void StepAway()
    {
        switch (_random.Next(8))
        {
            case 0:
                Dispatch();
                break;
            case 1:
                Pass();
                break;
            case 2:
                _server.ChangeNotes();
                break;
            case 3:
                _server.AppendOthers(Event());
                break;
            default:
                Do(_client.Open, "open");
                break;
        }
    }

    private void StepConnected()
    {
        switch (_random.Next(100))
        {
            case < 20 when _client.Status == ClientStatus.Linked || _random.Next(8) == 0:
                Dispatch();
                break;
            case < 47 when _server.HasUnhandled:
                _server.Handle();
                break;
            case < 83 when _server.HasUndelivered:
                string frame = _server.Deliver();
                Do(() => _client.Receive(frame), "frame", JsonTree.Of(frame));
                break;
            case < 87:
                _server.ChangeNotes();
                break;
            case < 90:
                _server.AppendOthers(Event());
                break;
            case 90 or 91:
                _server.Ack();
                break;
            // A link that the application waits for, made and not complete, is one thing to the one client and another to the other: not a matter of states.
            case 92 or 93 or 94 when !(_client.IsAsking && _client.Status == ClientStatus.Linked):
                _server.Lose();
                Do(_client.Lose, "lose");
                break;
            case 95 when _client.Status == ClientStatus.Linked:
                Do(_client.Unlink, "unlink");
                break;
            case 96 when _client.Status == ClientStatus.Linked:
                Do(_client.Leave, "leave");
                break;
            case 97:
                _server.Kick();
                break;
            case 98 when _random.Next(4) == 0:
                _server.Lose();
                Do(_client.Disconnect, "disconnect");
                break;
            case > 97:
                Pass();
                break;
        }
    }

    private void Link(string username) => Do(() => _client.Link(username), "link", JsonTree.Of(username));

    private void Pass()
    {
        int wait = Waits[_random.Next(Waits.Length)];
        Do(() => _client.Pass(TimeSpan.FromMilliseconds(wait)), "pass", JsonTree.Of(wait));
    }

    private void Dispatch()
    {
        bool isAction = _random.Next(2) == 0;
        KrmxAction action = isAction ? Action() : Event();
        JsonTree[] given = action.HasPayload
            ? [JsonTree.Of(action.Type), JsonTree.Parse(action.Payload.Span)]
            : [JsonTree.Of(action.Type)];
        Do(() => (isAction ? (Action<KrmxAction>)_client.Act : _client.Append)(action), isAction ? "act" : "append", given);
    }

    private KrmxAction Action() => _random.Next(6) switch
    {
        0 => With("rename", Words[_random.Next(Words.Length)]),
        1 => With("note", Words[_random.Next(Words.Length)]),
        2 => With("drop", _random.Next(3)),
        3 => With("add", _random.Next(9)),
        4 => new KrmxAction("double"),
        _ => new KrmxAction("quiet"),
    };

    private KrmxAction Event() => _random.Next(5) switch
    {
        0 or 1 => With("say", Words[_random.Next(Words.Length)]),
        2 => With("add", _random.Next(3)),
        3 => new KrmxAction("double"),
        _ => new KrmxAction("fail"),
    };

    private static KrmxAction With<T>(string type, T payload) =>
        KrmxAction.Create(type, payload, (JsonTypeInfo<T>)KrmxJson.Options.GetTypeInfo(typeof(T)));

    private void Do(Action step, string name, params JsonTree[] given)
    {
        _script.Add(JsonTree.ArrayOf([JsonTree.Of(name), .. given]));
        step();
        JsonTree seen = _client.Look();
        _seen.Add(seen);
        foreach (JsonTree frame in seen.Items[^1].Items)
            _server.Receive(frame);
    }
}
