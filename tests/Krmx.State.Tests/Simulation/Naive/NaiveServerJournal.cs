using System.Text;
using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>The stream on the naive server: a list of frames.</summary>
internal sealed class NaiveServerJournal(SimWorld world, bool clearsWhenEmpty, int maxLogBytes, bool isCut)
    : NaiveServerState(world, "stream/append", clearsWhenEmpty)
{
    private readonly List<Expected> _log = [];

    public NaiveJournal Journal { get; private set; } = NaiveJournal.Empty;

    public int Count => _log.Count;

    public DispatchResult Dispatch(string user, KrmxAction action) => Append(user, action.Type, Json.Of(action), isMember: false, id: null);

    protected override void Welcome(string user)
    {
        foreach (Expected frame in _log)
            Send(user, frame);
    }

    protected override void Handle(string user, JsonElement payload)
    {
        JsonElement appended = payload.GetProperty("event");
        string? id = IdOf(payload);
        bool isMember = IsMember(user);
        DispatchResult result = Append(user, appended.GetProperty("type").GetString()!, PayloadOf(appended), isMember, id);
        if (result.IsAccepted || !isMember || id is null)
            return;
        string text = Text("stream/invalidate", $"\"domain\":\"{SimWorld.Journal}\"{IdMember(id)},\"reason\":\"{result.Reason}\"");
        Send(user, new Expected("stream/invalidate", text, null, id, result));
    }

    protected override void Clear()
    {
        _log.Clear();
        Journal = NaiveJournal.Empty;
    }

    private DispatchResult Append(string user, string type, JsonElement? payload, bool isMember, string? id)
    {
        if (NaiveJournal.Refusal(type, payload) is string refusal)
            return new DispatchResult(DispatchStatus.Refused, refusal);
        Expected frame = Frame(user, type, payload, null);
        if (Bytes(frame) > maxLogBytes && isCut && Encoding.UTF8.GetByteCount(frame.Text!) <= maxLogBytes / 2)
            Cut();
        if (Bytes(frame) > maxLogBytes)
            return new DispatchResult(DispatchStatus.Refused, "the stream is full");
        _log.Add(frame);
        Journal = Journal.After(user, type, payload);
        foreach (string member in Members)
            Send(member, isMember && member == user && id is not null ? Frame(user, type, payload, id) : frame);
        return new DispatchResult(DispatchStatus.Accepted);
    }

    private int Bytes(Expected next) => _log.Append(next).Sum(static logged => Encoding.UTF8.GetByteCount(logged.Text!));

    private void Cut()
    {
        string state = $"{{\"entries\":[{string.Join(',', Journal.Entries.Select(static entry => $"\"{entry}\""))}],\"removed\":{Journal.Removed}}}";
        Expected snapshot = Frame("", "snapshot", JsonElement.Parse(state), null);
        if (Encoding.UTF8.GetByteCount(snapshot.Text!) > maxLogBytes / 2)
            return;
        _log.Clear();
        _log.Add(snapshot);
    }

    private static Expected Frame(string user, string type, JsonElement? payload, string? id)
    {
        string appended = $"{{\"type\":\"{type}\"{(payload is null ? "" : $",\"payload\":{payload.Value.GetRawText()}")}}}";
        string text = Text(
            "stream/append", $"\"domain\":\"{SimWorld.Journal}\",\"dispatcher\":\"{user}\",\"event\":{appended}{IdMember(id)}");
        return new Expected("stream/append", text, new NaiveEvent(user, type, payload), id, new DispatchResult(DispatchStatus.Accepted));
    }
}

/// <summary>An event that was appended.</summary>
internal sealed record NaiveEvent(string User, string Type, JsonElement? Payload)
{
    public bool HasContentOf(string type, JsonElement? payload) => Type == type && Payload?.GetRawText() == payload?.GetRawText();
}
