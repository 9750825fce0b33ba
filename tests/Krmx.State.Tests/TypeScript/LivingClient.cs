using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Krmx.Client;
using Krmx.Protocol;

namespace Krmx.State.Tests.TypeScript;

/// <summary>The .NET client's core on virtual time, with a projection and a stream, driven as its driver drives it.</summary>
internal sealed class LivingClient : IClientOutput
{
    private static readonly JsonTypeInfo<Notes> NotesType = TypeInfo<Notes>();
    private static readonly JsonTypeInfo<Ledger> LedgerType = TypeInfo<Ledger>();

    private readonly KrmxClientCore _core;
    private readonly ClientProjection<Notes> _notes;
    private readonly ClientStream<Ledger> _ledger;
    private readonly bool _resumes;
    private readonly List<Timer> _timers = [];
    private readonly ConditionalWeakTable<object, JsonTree> _trees = []; // a value mostly stays as it is from step to step
    private readonly List<JsonTree> _sent = [], _ended = [];
    private (TimeSpan Due, int Number) _now;
    private JsonTree? _lastNotes, _lastLedger;
    private string? _wanted; // whom to link to again
    private int _dispatches;

    public LivingClient(TimeSpan lifetime, bool resumes)
    {
        _resumes = resumes;
        _core = new KrmxClientCore(this);
        var options = new LiveOptions { OptimisticLifetime = lifetime };
        _notes = _core.AddProjection("notes", Notes.Model, options);
        _ledger = _core.AddStream("ledger", Ledger.Model, options);
    }

    public ClientStatus Status => _core.Status;

    public bool IsConnected { get; private set; }

    /// <summary>Whether the application has asked for a link, and has no answer.</summary>
    public bool IsAsking { get; private set; }

    private IClientInput Input => _core;

    public void Open()
    {
        if (_core.Status == ClientStatus.Disconnected)
            Input.Connecting();
        IsConnected = true;
        Input.Connected();
        if (_wanted is not null)
            Input.Link(_wanted, null);
    }

    public void Link(string username)
    {
        _wanted = username;
        IsAsking = true;
        Input.Link(username, null);
    }

    public void Unlink()
    {
        _wanted = null;
        Input.Unlink();
    }

    public void Leave()
    {
        _wanted = null;
        Input.Leave();
    }

    public void Lose()
    {
        IsConnected = false;
        if (IsAsking)
            _wanted = null;
        Input.Lost(relinks: _wanted is not null);
    }

    public void Disconnect()
    {
        IsConnected = false;
        _wanted = null;
        Input.Closing();
        Input.Disconnected();
    }

    public void Receive(string frame) => Input.FrameReceived(InboundFrame.Parse(Encoding.UTF8.GetBytes(frame)));

    public void Act(KrmxAction action) => _notes.Dispatch(action, Dispatched());

    public void Append(KrmxAction action) => _ledger.Dispatch(action, Dispatched());

    public void Pass(TimeSpan time)
    {
        TimeSpan end = _now.Due + time;
        while (_timers.Where(timer => timer.Due <= end).MinBy(static timer => (timer.Due, timer.Number)) is Timer next)
        {
            _timers.Remove(next);
            _now.Due = next.Due;
            next.Elapsed();
        }
        _now.Due = end;
    }

    /// <summary>What there is to see, and what was sent and has ended since the last look.</summary>
    public JsonTree Look()
    {
        JsonTree seen = JsonTree.ArrayOf([
            _core.Username is string username ? JsonTree.Of(username) : JsonTree.Null,
            News(
                ref _lastNotes,
                Tree(_notes.ConfirmedView, NotesType), Tree(_notes.View, NotesType), JsonTree.Of(_notes.PendingCount), JsonTree.Of(_notes.IsLive)),
            News(
                ref _lastLedger,
                Tree(_ledger.ConfirmedState, LedgerType), Tree(_ledger.State, LedgerType), JsonTree.Of(_ledger.PendingCount),
                JsonTree.Of(_ledger.IsLive)),
            JsonTree.ArrayOf(_ended),
            JsonTree.ArrayOf(_sent)]);
        _ended.Clear();
        _sent.Clear();
        return seen;
    }

    bool IClientOutput.IsCongested => false;

    bool IClientOutput.IsBehind => false;

    string? IClientOutput.SessionKey => _resumes ? new string('0', 32) : null;

    void IClientOutput.Send(ReadOnlyMemory<byte> frame)
    {
        var sent = JsonTree.Parse(frame.Span);
        // The end of the link is under way, and of the session with it: this client tells how far it is all the same, the other does not.
        if (Status != ClientStatus.Unlinking || sent["type"]!.Text != "krmx/ack")
            _sent.Add(sent);
    }

    void IClientOutput.Confirmed()
    {
    }

    void IClientOutput.LinkChanged(LinkChange change)
    {
        if (change is LinkChange.Rejected or LinkChange.EndedByServer)
            _wanted = null;
    }

    void IClientOutput.RequestEnded(ClientRequest request, RequestOutcome outcome) => IsAsking = false;

    IDisposable IClientOutput.StartTimer(TimeSpan due, Action elapsed)
    {
        var timer = new Timer(this, _now.Due + due, ++_now.Number, elapsed);
        _timers.Add(timer);
        return timer;
    }

    void IClientOutput.ProtocolViolated(string what) => _ended.Add(JsonTree.Of($"this is not legal: {what}"));

    void IClientOutput.PayloadRefused(string messageType, Exception error) =>
        _ended.Add(JsonTree.Of($"this is not legal: {messageType}: {error.Message}"));

    void IClientOutput.ListenerFailed(string eventName, Exception error)
    {
    }

    /// <summary>What is as it was before is left out.</summary>
    private static JsonTree News(ref JsonTree? last, params JsonTree[] parts)
    {
        var value = JsonTree.ArrayOf(parts);
        if (value.Equals(last))
            return JsonTree.Null;
        last = value;
        return value;
    }

    private JsonTree Tree<T>(T? value, JsonTypeInfo<T> type)
        where T : class => value is null ? JsonTree.Null : _trees.GetValue(value, value => JsonTree.From((T)value, type));

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)KrmxJson.Options.GetTypeInfo(typeof(T));

    private Action<DispatchResult> Dispatched()
    {
        int number = ++_dispatches;
        return result => _ended.Add(JsonTree.ArrayOf([JsonTree.Of(number), JsonTree.Of(Text(result))]));
    }

    private static string Text(DispatchResult result) => result.Status switch
    {
        DispatchStatus.Refused => result.Reason!,
        DispatchStatus.Expired => "timeout",
        DispatchStatus.NotLinked => "not-linked",
        DispatchStatus.Unlinked => "disconnected",
        _ => "accepted", // the TypeScript client has no other word for what an npm server releases
    };

    private sealed record Timer(LivingClient Client, TimeSpan Due, int Number, Action Elapsed) : IDisposable
    {
        public void Dispose() => Client._timers.Remove(this);
    }
}
