using System.Text.Json;

namespace Krmx.State.Tests.TypeScript;

/// <summary>What a server grants its clients.</summary>
internal enum Grant
{
    /// <summary>Sessions: a link goes on with the next connection.</summary>
    Resume,

    /// <summary>Presence alone.</summary>
    Presence,

    /// <summary>Nothing, as the one on npm, which answers events without their ids, and releases actions without a word.</summary>
    Nothing,
}

/// <summary>A server that does to one client whatever the protocol allows, by chance. What it sends waits in order until it is delivered.</summary>
internal sealed class HistoryServer(Random random, Grant grant)
{
    private readonly Queue<JsonTree> _toServer = [];
    private readonly Queue<string> _toClient = [];
    private readonly List<string> _journal = []; // what counts in the session, sent or kept
    private readonly List<JsonTree> _log = [];
    private Notes _notes = Notes.Empty;
    private string _user = "";
    private long? _session;
    private bool _isLinked, _isAway; // away with a session: told when it is back
    private long _handled;

    public bool HasUnhandled => _toServer.Count > 0;

    public bool HasUndelivered => _toClient.Count > 0;

    public string Deliver() => _toClient.Dequeue();

    public void Receive(JsonTree frame) => _toServer.Enqueue(frame);

    /// <summary>Loses the connection, and what was under way on it.</summary>
    public void Lose()
    {
        _isLinked &= _session is not null;
        _isAway = _isLinked;
        _toServer.Clear();
        _toClient.Clear();
    }

    /// <summary>Handles the next frame of the client.</summary>
    public void Handle()
    {
        JsonTree frame = _toServer.Dequeue(), payload = frame["payload"] ?? JsonTree.Null;
        string type = frame["type"]!.Text!;
        if (type == "krmx/link")
        {
            Link(payload["username"]!.Text!, payload["resume"]);
            return;
        }
        if (!_isLinked || _isAway)
        {
            Send("krmx/rejected", new { reason = "unlinked connection" }, counts: false);
            return;
        }
        _handled += type == "krmx/ack" ? 0 : 1;
        switch (type)
        {
            case "krmx/unlink" or "krmx/leave":
                Unlink(isKick: type == "krmx/leave");
                break;
            case "projection/action":
                Answer(payload["optimisticId"]!.Text!);
                break;
            case "stream/append":
                Append(payload["dispatcher"]!.Text!, payload["event"]!, payload["optimisticId"]!.Text!);
                break;
        }
    }

    /// <summary>Others, or the application, change the view.</summary>
    public void ChangeNotes()
    {
        if (Change() is JsonTree delta)
            SendState("projection/delta", new { domain = "notes", delta = Raw(delta) });
    }

    /// <summary>Somebody else appends an event, perhaps the very one that the client has.</summary>
    public void AppendOthers(KrmxAction action) => Append("zoe", JsonTree.Parse(JsonSerializer.SerializeToUtf8Bytes(
        action.HasPayload
            ? new { type = action.Type, payload = JsonElement.Parse(action.Payload.Span) }
            : (object)new { type = action.Type })), id: null);

    public void Ack()
    {
        if (_session is not null && !_isAway)
            Send("krmx/ack", new { received = _handled, sent = _journal.Count }, counts: false);
    }

    /// <summary>Ends the link unasked, with the user or without.</summary>
    public void Kick()
    {
        if (_isLinked && !_isAway)
            Unlink(isKick: random.Next(2) == 0);
    }

    private static JsonElement Raw(JsonTree tree) => JsonElement.Parse(tree.ToString());

    private void Link(string username, JsonTree? resume)
    {
        long? named = resume?["session"]?.Text is string number ? long.Parse(number, null) : null;
        if (random.Next(10) == 0)
        {
            (_session, _isLinked, _isAway) = (null, false, false);
            Send("krmx/rejected", new { reason = "banned" }, counts: false);
            return;
        }
        bool isKnown = named is not null && named == _session;
        if (isKnown && random.Next(4) > 0)
        {
            Send("krmx/accepted", new { extensions = new[] { "resume" }, session = _session, recovered = true, received = _handled }, counts: false);
            _isAway = false;
            int had = int.Parse(resume!["received"]!.Text!, null);
            foreach (string missed in _journal.Skip(had))
                _toClient.Enqueue(missed);
            return;
        }
        long? attempt = grant == Grant.Resume ? long.Parse(resume!["attempt"]!.Text!, null) : null;
        switch (grant)
        {
            case Grant.Resume when named is null:
                Send("krmx/accepted", new { extensions = new[] { "resume" }, session = attempt }, counts: false);
                break;
            case Grant.Resume when isKnown:
                Send("krmx/accepted", new { extensions = new[] { "resume" }, session = attempt, recovered = false, received = _handled }, counts: false);
                break;
            case Grant.Resume:
                Send("krmx/accepted", new { extensions = new[] { "resume" }, session = attempt, recovered = false }, counts: false);
                break;
            case Grant.Presence:
                Send("krmx/accepted", new { extensions = new[] { "presence" } }, counts: false);
                break;
            default:
                Send("krmx/accepted", null, counts: false);
                break;
        }
        _session = null;
        (_user, _isLinked, _isAway) = (username, true, false);
        SendNewcomer(username);
        _session = attempt;
        _journal.Clear();
        _handled = 0;
    }

    private void SendNewcomer(string username)
    {
        if (grant == Grant.Nothing)
        {
            Send("krmx/joined", new { username }, counts: false);
            Send("krmx/linked", new { username }, counts: false);
        }
        else
        {
            Send("krmx/users", new { users = new object[][] { ["zoe", true], [username, true] } }, counts: false);
        }
        foreach (JsonTree appended in _log)
            Send("stream/append", Raw(appended), counts: false);
        Send("projection/set", new { domain = "notes", projection = Raw(Notes.Model.ViewTree(_notes, username)) }, counts: false);
        if (grant != Grant.Nothing)
            Send("krmx/ready", null, counts: false);
    }

    private void Unlink(bool isKick)
    {
        string username = _user;
        Ack();
        _session = null;
        _isLinked = false;
        Send("krmx/unlinked", new { username }, counts: false);
        if (isKick)
            Send("krmx/left", new { username }, counts: false);
    }

    private void Answer(string optimisticId)
    {
        switch (random.Next(8))
        {
            case 0: // no answer
                return;
            case 1 when grant != Grant.Nothing:
                SendState("projection/invalidate", new { domain = "notes", optimisticId, accepted = false, reason = $"no {random.Next(3)}" });
                return;
            case 2 when grant != Grant.Nothing:
                SendState("projection/invalidate", new { domain = "notes", optimisticId, accepted = true });
                return;
            case 1 or 2:
                SendState("projection/invalidate", new { domain = "notes", optimisticId });
                return;
        }
        if (Change() is JsonTree delta)
            SendState("projection/delta", new { domain = "notes", delta = Raw(delta), optimisticId });
    }

    private JsonTree? Change()
    {
        JsonTree before = Notes.Model.ViewTree(_notes, "");
        _notes = _notes.Changed(random);
        return JsonDelta.Diff(before, Notes.Model.ViewTree(_notes, ""));
    }

    private void Append(string dispatcher, JsonTree appended, string? id)
    {
        if (id is not null && random.Next(6) == 0)
        {
            if (grant != Grant.Nothing)
                SendState("stream/invalidate", new { domain = "ledger", optimisticId = id, reason = $"no {random.Next(3)}" });
            return;
        }
        var entry = new { domain = "ledger", dispatcher, @event = Raw(appended) };
        _log.Add(JsonTree.Parse(JsonSerializer.SerializeToUtf8Bytes(entry)));
        if (id is null || grant == Grant.Nothing)
            SendState("stream/append", entry);
        else
            SendState("stream/append", new { entry.domain, entry.dispatcher, entry.@event, optimisticId = id });
    }

    private void SendState(string type, object payload)
    {
        if (_isLinked)
            Send(type, payload, counts: true);
    }

    private void Send(string type, object? payload, bool counts)
    {
        string frame = JsonSerializer.Serialize(payload is null ? new { type } : (object)new { type, payload });
        if (counts && _session is not null)
            _journal.Add(frame);
        if (!counts || !_isAway)
            _toClient.Enqueue(frame);
    }
}
