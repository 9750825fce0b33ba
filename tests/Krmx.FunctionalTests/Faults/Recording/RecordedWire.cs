using System.Text.Json;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>One bare connection that writes down what it sees.</summary>
internal sealed class RecordedWire : IAsyncDisposable
{
    private readonly History _history;
    private readonly WireClient _wire;
    private readonly ClientLog _log;
    private readonly List<ClientUser> _users = [];
    private readonly Task _reading;
    private volatile string? _username;
    private volatile bool _isAsking;
    private long _link;
    private long _lastHeard;
    private string? _asked;

    private RecordedWire(History history, WireClient wire, string name)
    {
        _history = history;
        _wire = wire;
        _log = history.Add(new ClientLog(name));
        _log.Add(Sight.Opened);
        _reading = ReadAsync();
    }

    /// <summary>The user it is linked to; null for none.</summary>
    public string? Username => _username;

    /// <summary>Whether a link attempt has no answer.</summary>
    public bool IsAsking => _isAsking;

    public long LastHeard => Volatile.Read(ref _lastHeard);

    /// <summary>Whether it answers pings. Default: false; after a while the server takes it for dead.</summary>
    public bool AnswersPings
    {
        set => _wire.AnswersPings = value;
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Ended => _reading;

    public static async Task<RecordedWire> ConnectAsync(History history, int port, string name, string path = "/krmx") =>
        new(history, await WireClient.ConnectAsync(port, $"{path}?c={name}"), name);

    public Task AskAsync(string username, string? auth = null)
    {
        _asked = username;
        _isAsking = true;
        _log.Add(Sight.Asked, username);
        return _wire.AskAsync(username, auth);
    }

    /// <summary>Sends something that is no link.</summary>
    public Task SendAsync(params WireFrame[] frames) => _wire.SendAsync(frames);

    /// <summary>Says something in its link.</summary>
    public Task SayAsync(long number)
    {
        _log.Add(Sight.Said, number: number);
        return _wire.SendAsync($$"""{"type":"say","payload":[{{_link}},{{number}}]}""");
    }

    public void Reset() => _wire.Reset();

    /// <summary>Writes down how it is now that everything has come to rest.</summary>
    public void Rest() => _log.Rest = new ClientRest(_username, _username is null ? [] : [.. _users]);

    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _wire.ReadFrameAsync() is WireFrame frame)
            {
                if (frame.Opcode == WireFrame.TextOpcode)
                    Note(frame.Text);
                else if (frame.Opcode == WireFrame.CloseOpcode)
                    break;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or TimeoutException)
        {
            // Lost, or given up by the test.
        }
        catch (Exception error)
        {
            _history.Incident($"{_log.Name} was sent what it could not read: {error}");
        }
        _username = null;
        _isAsking = false;
        _log.Add(Sight.Closed);
    }

    private void Note(string text)
    {
        using JsonDocument frame = JsonDocument.Parse(text);
        string type = frame.RootElement.GetProperty("type").GetString()!;
        switch (type)
        {
            case "krmx/accepted":
                _log.Add(Sight.Accepted);
                _users.Clear();
                break;
            case "krmx/rejected":
                // Answers to messages are not answers to links.
                if (frame.RootElement.GetProperty("payload").GetProperty("reason").GetString() is not ("unlinked connection" or "invalid message"))
                {
                    _log.Add(Sight.Rejected);
                    _isAsking = false;
                }
                break;
            case ServerRecorder.News:
                Hear(frame.RootElement.GetProperty("payload")[0].GetInt64(), frame.RootElement.GetProperty("payload")[1].GetInt64());
                break;
            default:
                Note(type, frame.RootElement.GetProperty("payload").GetProperty("username").GetString()!);
                break;
        }
    }

    private void Note(string type, string user)
    {
        switch (type)
        {
            case "krmx/joined":
                _users.Add(new ClientUser(user, false));
                _log.Add(Sight.Joined, user);
                break;
            case "krmx/linked":
                Set(user, isLinked: true);
                _log.Add(Sight.Linked, user);
                if (_isAsking && user == _asked)
                {
                    _username = user;
                    _isAsking = false;
                }
                break;
            case "krmx/unlinked":
                Set(user, isLinked: false);
                _log.Add(Sight.Unlinked, user);
                if (user == _username)
                    _username = null;
                break;
            case "krmx/left":
                _users.RemoveAll(known => known.Name == user);
                _log.Add(Sight.Left, user);
                break;
            default:
                _history.Incident($"{_log.Name} was sent {type}");
                break;
        }
    }

    private void Set(string user, bool isLinked)
    {
        int index = _users.FindIndex(known => known.Name == user);
        if (index >= 0)
            _users[index] = new ClientUser(user, isLinked);
    }

    private void Hear(long number, long link)
    {
        if (link > 0)
        {
            _link = link;
            _log.Add(Sight.Welcomed, number: link);
        }
        _log.Add(Sight.Received, number: number);
        Volatile.Write(ref _lastHeard, number);
    }
}
