using System.Text.Json;
using Krmx.Rooms;

namespace Krmx.State;

/// <summary>A server's stream: the log of events, and the state that follows from it (protocol section 9).</summary>
/// <remarks>Belongs to the server's turns, as the server does.</remarks>
public sealed class ServerStream<TState> : IDisposable, IRoomPart
{
    private readonly List<byte[]> _log = [];
    private readonly ListenerList<Action<TState>> _onChange = new("stream change");
    private readonly StateFrame _frame = new();
    private readonly KrmxRoomCore _server;
    private readonly StreamModel<TState> _model;
    private readonly StreamOptions _options;
    private readonly Audience<object> _audience;
    private readonly IDisposable _route;
    private ReadOnlyMemory<byte>[]? _picture;
    private long _logBytes;
    private bool _isApplying;
    private bool _cannotBeCut; // until something is appended
    private int _written; // how many events of a durable room are written down
    private bool _isCleared; // whether they are those of a log that was emptied since

    internal ServerStream(KrmxRoomCore server, string domain, StreamModel<TState> model, StreamOptions options)
    {
        if (options.MaxLogBytes < 0)
        {
            throw new ArgumentException(
                $"{nameof(StreamOptions.MaxLogBytes)} must be at least 0, not {options.MaxLogBytes}.", nameof(options));
        }
        Domain = domain;
        State = model.Initial;
        _server = server;
        _model = model;
        _options = options;
        _route = Attachments.Of(server).Add(StateMessageTypes.StreamAppend, domain, Handle);
        model.Events.Seal();
        Restore(server.Claim(this));
        _audience = new Audience<object>(server, Welcome, () =>
        {
            if (options.ClearsWhenEmpty)
                Clear();
        });
        _audience.Begin();
    }

    /// <summary>The stream's name.</summary>
    public string Domain { get; }

    /// <summary>The state that follows from all events.</summary>
    public TState State { get; private set; }

    /// <summary>How many events the log has, which newcomers are sent: all, or the last snapshot and those that followed.</summary>
    public int Count => _log.Count;

    /// <summary>Appends an event and tells every linked user.</summary>
    /// <param name="dispatcher">In whose name; need not be a user's.</param>
    /// <param name="action">The event.</param>
    /// <returns>Accepted, also where the event's handler threw, or refused with the reason.</returns>
    /// <exception cref="KrmxException">The model has no event of that type, or it is its snapshot; or a handler called this.</exception>
    public DispatchResult Dispatch(string dispatcher, KrmxAction action)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        _server.VerifyUse();
        if (IsSnapshot(action))
            throw new KrmxException($"cannot dispatch '{action.Type}': it is the snapshot, which the stream appends itself when its log is full");
        return _model.Events.Bind(action, out string? reason) is { } bound
            ? Append(bound, dispatcher, action, from: null, optimisticId: null)
            : DispatchResult.Refused(reason!);
    }

    /// <summary>Calls a listener when an event was appended.</summary>
    /// <param name="listener">Given the state.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnChange(Action<TState> listener) => _onChange.Add(listener);

    /// <summary>Detaches the stream from the server: users are told of no more events, and theirs are ignored.</summary>
    public void Dispose()
    {
        _server.VerifyUse();
        _route.Dispose();
        _audience.Dispose();
        _server.Release(this);
    }

    string IRoomPart.Name => $"stream '{Domain}'";

    void IRoomPart.WriteChanges(RoomRecorder recorder)
    {
        if (_isCleared)
            recorder.Part(((IRoomPart)this).Name, static writer => writer.WriteBooleanValue(false));
        _isCleared = false;
        Write(_written, recorder);
        _written = _log.Count;
    }

    void IRoomPart.WriteWhole(RoomRecorder recorder) => Write(0, recorder);

    /// <summary>Writes events as they are sent, in an array; that the log was emptied before stands there as false.</summary>
    private void Write(int from, RoomRecorder recorder) => recorder.Part(((IRoomPart)this).Name, writer =>
    {
        writer.WriteStartArray();
        foreach (byte[] frame in _log.Skip(from))
            writer.WriteRawValue(frame, skipInputValidation: true);
        writer.WriteEndArray();
    });

    private void Restore(IReadOnlyList<ReadOnlyMemory<byte>>? changes)
    {
        foreach (ReadOnlyMemory<byte> change in changes ?? [])
        {
            if (JsonTree.Parse(change.Span, JsonTree.MaxDepth) is not JsonItems events)
            {
                (_logBytes, State) = (0, _model.Initial);
                _log.Clear();
                continue;
            }
            foreach (JsonTree message in events.Items)
                Restore(message);
        }
        _written = _log.Count;
    }

    /// <summary>Appends an event that was appended before; one that the model has no more changes nothing, as with clients.</summary>
    private void Restore(JsonTree message)
    {
        byte[] frame = message.ToUtf8();
        _log.Add(frame);
        _logBytes += frame.Length;
        if (!StatePayload.TryRead(message["payload"]!.ToUtf8(), out StatePayload payload) || payload.Action is not KrmxAction appended)
            throw new KrmxException($"cannot read the stream '{Domain}': an event that is stored is none");
        if (_model.Events.BindSent(appended, Domain, _server.ReportFailed, out _) is { } bound)
            Apply(bound, payload.Dispatcher ?? "", appended.Type);
    }

    private void Keep()
    {
        if (_server.IsDurable)
            _server.Changed(this);
    }

    private void Handle(KrmxUser user, in StatePayload payload)
    {
        if (payload.Action is not KrmxAction appended)
        {
            _server.ReportRefused(user.Name, StateMessageTypes.StreamAppend, new JsonException("There is no event to append."));
            return;
        }
        // Who dispatched it is the user who sent it, whatever the message says.
        Audience<object>.Member? from = _audience.Find(user);
        DispatchResult result = Append(user.Name, appended, from, payload.OptimisticId);
        if (!result.IsAccepted && from is not null && payload.OptimisticId is string id)
        {
            _audience.Send(from, _frame.Begin(StateMessageTypes.StreamInvalidate, Domain)
                .With("optimisticId"u8, id).With("reason"u8, result.Reason).End());
        }
    }

    private DispatchResult Append(string dispatcher, in KrmxAction appended, Audience<object>.Member? from, string? optimisticId)
    {
        if (IsSnapshot(appended))
            return DispatchResult.Refused("only the server appends a snapshot");
        return _model.Events.BindSent(appended, Domain, _server.ReportFailed, out string? reason) is { } bound
            ? Append(bound, dispatcher, appended, from, optimisticId)
            : DispatchResult.Refused(reason!);
    }

    private bool IsSnapshot(in KrmxAction action) => action.Type == _model.SnapshotType;

    private DispatchResult Append(
        BoundAction<TState> bound, string dispatcher, in KrmxAction appended, Audience<object>.Member? from, string? optimisticId)
    {
        if (_isApplying)
            throw new KrmxException($"cannot dispatch '{appended.Type}': a handler of the stream is being called, and must not dispatch");
        byte[] frame = Frame(dispatcher, appended);
        if (_logBytes + frame.Length > _options.MaxLogBytes && !TryCut(frame))
            return DispatchResult.Refused("the stream is full");
        _log.Add(frame);
        Keep();
        _picture = null;
        _logBytes += frame.Length;
        _cannotBeCut = false;
        Apply(bound, dispatcher, appended.Type);
        if (from is not null && optimisticId is not null)
            _audience.Send(from, Frame(dispatcher, appended, optimisticId));
        else
            from = null;
        _audience.SendToAll(frame, except: from);
        NotifyChange();
        return DispatchResult.Accepted;
    }

    /// <summary>
    /// Has a snapshot take the place of all events, where that leaves half of the log to others: so a stream whose state is large does not make one for each event.
    /// </summary>
    /// <param name="next">The event that needs the place.</param>
    /// <returns>Whether it has it now.</returns>
    private bool TryCut(byte[] next)
    {
        if (_cannotBeCut || next.Length > _options.MaxLogBytes / 2)
            return false;
        if (TakeSnapshot() is not byte[] snapshot || snapshot.Length > _options.MaxLogBytes / 2)
        {
            _cannotBeCut = true;
            return false;
        }
        _log.Clear();
        _log.Add(snapshot);
        (_written, _isCleared) = (0, true);
        _logBytes = snapshot.Length;
        return true;
    }

    /// <summary>Makes the event that has the state; null, and reported, where a newcomer could not make the same state of it.</summary>
    private byte[]? TakeSnapshot()
    {
        if (_model.Snapshot is null)
            return null;
        try
        {
            KrmxAction snapshot = _model.Snapshot(State);
            KrmxAction again = _model.Snapshot(_model.Apply(_model.Initial, "", snapshot));
            if (!again.Payload.Span.SequenceEqual(snapshot.Payload.Span))
                throw new KrmxException($"the stream '{Domain}' cannot be cut: its state, read from its JSON, is another one");
            return Frame("", snapshot);
        }
        catch (Exception error)
        {
            _server.ReportFailed($"{Domain} {_model.SnapshotType}", error);
            return null;
        }
    }

    private void Apply(BoundAction<TState> bound, string dispatcher, string type)
    {
        _isApplying = true;
        try
        {
            State = bound.Apply(State, dispatcher);
        }
        catch (KrmxRefusedException)
        {
            // The event stands in the log and changes nothing, here as with every client.
        }
        catch (Exception error)
        {
            _server.ReportFailed($"{Domain} {type}", error);
        }
        finally
        {
            _isApplying = false;
        }
    }

    private void Welcome(Audience<object>.Member member) =>
        _audience.SendPicture(member, _picture ??= [.. _log.Select(static frame => (ReadOnlyMemory<byte>)frame)]);

    private void Clear()
    {
        if (_log.Count > 0)
            Keep();
        _log.Clear();
        (_written, _isCleared) = (0, true);
        _picture = null;
        _logBytes = 0;
        _cannotBeCut = false;
        State = _model.Initial;
        NotifyChange();
    }

    /// <summary>Gives each listener the state as it is when it is called: one before it may have dispatched.</summary>
    private void NotifyChange() => _onChange.Notify(this, static (listener, stream) => listener(stream.State), _server.ReportFailed);

    private byte[] Frame(string dispatcher, in KrmxAction appended, string? optimisticId = null) =>
        _frame.Begin(StateMessageTypes.StreamAppend, Domain)
            .With("dispatcher"u8, dispatcher).With("event"u8, appended).With("optimisticId"u8, optimisticId).End();
}
