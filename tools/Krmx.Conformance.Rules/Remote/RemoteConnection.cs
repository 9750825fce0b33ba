using System.Text;
using System.Text.Json;
using Krmx.Conformance.Harness;
using Krmx.Protocol;

namespace Krmx.Conformance.Remote;

/// <summary>A connection of a rule: it has the names of the rule, and hears of nobody but the rule's users.</summary>
/// <param name="socket">The connection.</param>
/// <param name="cast">The names.</param>
/// <param name="sessions">The sessions of the rule's users.</param>
/// <param name="claim">Takes a name that cannot be changed.</param>
/// <param name="mark">Lets linked connections hear of a user, and answers which.</param>
/// <param name="auth">What users prove themselves with.</param>
internal sealed class RemoteConnection(
    IRawConnection socket, Cast cast, RemoteSessions sessions, Func<string, Task> claim, Func<Task<string>> mark, string? auth) : IRawConnection
{
    private readonly Queue<string> _ahead = new();
    private readonly Queue<string> _heard = new();
    private PresenceList? _users; // the pages that have come so far
    private RemoteSession? _session;
    private bool _isNewcomer;
    private string? _asked;
    private JsonElement _resume; // of the link that was asked for
    private string? _own;
    private string? _mark;
    private int _owed;

    public async Task SendTextAsync(ReadOnlyMemory<byte> utf8)
    {
        string frame = Encoding.UTF8.GetString(utf8.Span);
        bool isAck = false;
        if (FrameReader.TryRead(utf8, FrameReader.DefaultMaxDepth, out KrmxMessage message))
        {
            if (!message.IsReserved && await IsLinkedAsync())
            {
                // Nothing of a message shows on the wire, and it would reach an application that does not expect it.
                _mark = frame == ServerSetup.Barrier
                    ? await mark()
                    : throw new NotApplicableException("needs to see the application's messages");
                return;
            }
            JsonElement payload = message.HasPayload ? Wire.Parse(Encoding.UTF8.GetString(message.Payload.Span)) : default;
            if (message.Type == "krmx/link" && message.HasPayload)
                frame = await PrepareAsync(frame, payload);
            isAck = message.Type == "krmx/ack";
            if (isAck && _session is not null)
                frame = RemoteSessions.WithReceived(frame, payload, _session);
        }
        if (!isAck)
            _owed++;
        await socket.SendTextAsync(Encoding.UTF8.GetBytes(cast.ToServer(frame)));
    }

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes)
    {
        _owed++;
        return socket.SendBinaryAsync(bytes);
    }

    public async Task<string?> ReceiveAsync() => _ahead.TryDequeue(out string? frame) ? frame : await ReadAsync();

    public Task CloseAsync() => socket.CloseAsync();

    public Task AbortAsync() => socket.AbortAsync();

    public ValueTask DisposeAsync() => socket.DisposeAsync();

    /// <summary>Whether there is a user, once everything sent that has an answer is answered.</summary>
    private async Task<bool> IsLinkedAsync()
    {
        while (_owed > 0 && await ReadAsync() is string frame)
            _ahead.Enqueue(frame);
        return _own is not null;
    }

    /// <summary>Notes whose link is asked for, where it is somebody's, and adds what users prove themselves with.</summary>
    private async Task<string> PrepareAsync(string frame, JsonElement payload)
    {
        if (!Members.TryGetText(payload, "username", out string username))
            return frame;
        if (Members.TryGetText(payload, "auth", out string verdict) && ServerSetup.IsVerdict(verdict))
            throw new NotApplicableException("needs the application to decide about links");
        if (Cast.IsLiteral(username))
            await claim(username);
        _asked = username;
        _resume = payload.TryGetProperty("resume", out JsonElement resume) ? resume : default;
        if (sessions.Find(_resume) is RemoteSession session)
            frame = RemoteSessions.WithReceived(frame, _resume, session);
        return auth is null || payload.TryGetProperty("auth", out _) || !frame.EndsWith("}}", StringComparison.Ordinal)
            ? frame
            : $"{frame[..^2]},\"auth\":{Wire.Quote(auth)}}}}}";
    }

    /// <summary>The next frame that concerns the rule, with the names of the rule.</summary>
    private async Task<string?> ReadAsync()
    {
        while (_heard.Count == 0 && await socket.ReceiveAsync() is string frame)
            Hear(frame);
        return _heard.TryDequeue(out string? heard) ? heard : null;
    }

    /// <summary>Takes in a frame: what of it concerns the rule is heard.</summary>
    private void Hear(string frame)
    {
        string described = Wire.Describe(frame);
        if (described.StartsWith("close ", StringComparison.Ordinal))
        {
            (_owed, _own, _session) = (0, null, null);
            _heard.Enqueue(frame);
            return;
        }
        FrameReader.TryRead(Encoding.UTF8.GetBytes(frame), int.MaxValue, out KrmxMessage message);
        bool counts = _session is { IsReady: true } && message.Type is not ("krmx/accepted" or "krmx/rejected" or "krmx/ack") &&
            !message.IsVolatile;
        int heard = _heard.Count;
        HearOf(message, frame, described);
        if (counts)
            _session?.Count(isHeard: _heard.Skip(heard).Any(one => one != ServerSetup.Barrier));
    }

    private void HearOf(KrmxMessage message, string frame, string described)
    {
        if (Presence.TryRead(described, out Presence presence))
        {
            HearOf(presence, frame);
            return;
        }
        if (PresenceList.TryRead(message) is PresenceList list)
        {
            HearOf(list);
            return;
        }
        switch (message.Type)
        {
            case "krmx/accepted":
                Answered(by: _asked);
                _session = sessions.Begin(_resume, message);
                _isNewcomer = _session is not { IsReady: true };
                break;
            case "krmx/rejected":
                Answered(by: _own);
                break;
            case "krmx/ready":
                if (_users is not null)
                    _heard.Enqueue(_users.ToString());
                _users = null;
                if (_session is not null)
                    _session.IsReady = true;
                break;
            case "krmx/ack" when _session is not null:
                frame = RemoteSessions.WithSent(frame, message, _session);
                break;
            default:
                if (IsOfApplication(frame))
                    return;
                break;
        }
        _heard.Enqueue(cast.FromServer(frame));
    }

    private void HearOf(Presence presence, string frame)
    {
        if (presence == new Presence("joined", _mark ?? ""))
        {
            _heard.Enqueue(ServerSetup.Barrier);
            return;
        }
        if (cast.RoleOf(presence.Username) is not string role)
            return;
        if (role == _own && presence.Change == "unlinked")
        {
            Answered(by: null);
            _session = null;
        }
        _heard.Enqueue(cast.FromServer(frame));
    }

    /// <summary>Hears of the rule's users. Those who are linked, and may be more than fit in a page, are heard of when all have come.</summary>
    private void HearOf(PresenceList list)
    {
        PresenceList ofRule = list.OfRule(cast);

        // A newcomer hears of itself where there are others who have presence, and knows it already.
        if (!list.IsOfUsers && (_isNewcomer || ofRule.Entries.Contains(("joined", _own!))))
            ofRule = ofRule.Without(_own);
        if (list.IsOfUsers)
            _users = _users?.With(ofRule) ?? ofRule;
        else if (ofRule.Entries.Count > 0)
            _heard.Enqueue(ofRule.ToString());
        if (_mark is not null && list.Entries.Contains(("joined", _mark)))
            _heard.Enqueue(ServerSetup.Barrier);
    }

    private static bool IsOfApplication(string frame) =>
        FrameReader.TryRead(Encoding.UTF8.GetBytes(frame), int.MaxValue, out KrmxMessage message) && !message.IsReserved;

    private void Answered(string? by)
    {
        _own = by;
        _owed = Math.Max(0, _owed - 1);
    }
}
