using Krmx.Diagnostics;
using Krmx.Rooms;
using Krmx.Storage;

namespace Krmx;

// A durable room: what a turn has changed is written, and what it sends waits until that is stored.
public sealed partial class KrmxRoom
{
    /// <summary>How many turns may wait to be stored.</summary>
    private const int MaxHeldTurns = 4096;

    /// <summary>How many bytes of frames may wait for that.</summary>
    private const long MaxHeldBytes = 16 * 1024 * 1024;

    private readonly List<TaskCompletionSource> _unwritten = []; // who waits for what this turn changes
    private readonly Queue<(long Turn, TaskCompletionSource Waiting)> _unstored = new();
    private RoomWriting? _writing;
    private OutputGate? _gate; // null where output waits for nothing
    private Exception? _lost;
    private long _lastWritten;
    private bool _isOver; // whether what is written from now on is the last
    private bool _rests; // whether that is on its way to the store
    private bool _hasHistory; // whether something was written since the room was made
    private volatile Deletion _deletion;

    /// <summary>What the room was made from; null where it is not durable.</summary>
    internal RoomWriting? Writing => _writing;

    /// <summary>Why the room has given up, and closes; null where it has not. May be read from anywhere.</summary>
    internal Exception? Lost => Volatile.Read(ref _lost);

    /// <summary>Called, in a turn, when the room has given up what is not stored: it is to be ended.</summary>
    internal Action? WhenLost { get; set; }

    private bool IsConfirmed => _gate is not null;

    private TurnKind Kind => IsConfirmed ? TurnKind.Confirmed : TurnKind.Relaxed;

    /// <summary>Waits until what the room has changed so far is stored, as what it sends does: for whatever else tells somebody of it, or depends on it.</summary>
    /// <remarks>
    /// From the room's turns. It waits for nothing in a room that is not stored, or not before others hear of it, and while the room opens: what that changes is
    /// stored together, when it has. A listener that awaits it goes on in a later turn.
    /// </remarks>
    /// <returns>Completes when it is stored.</returns>
    /// <exception cref="KrmxException">It could not be stored, and the room is loaded anew without it.</exception>
    /// <exception cref="InvalidOperationException">The caller is not in a turn of this room.</exception>
    public Task StoredAsync()
    {
        VerifyTurn();
        if (!IsConfirmed || Status is RoomStatus.Initializing or RoomStatus.Opening)
            return Task.CompletedTask;
        if (_lost is not null)
            return Task.FromException(LostException(_lost));
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _unwritten.Add(waiting);
        return waiting.Task;
    }

    /// <summary>Has the room's turns stored from now on; called once, before it is opened.</summary>
    /// <param name="writing">What stores them.</param>
    internal void Store(RoomWriting writing)
    {
        _writing = writing;
        writing.Progress = _turns.Kick;
        _gate = writing.IsRelaxed ? null : new OutputGate(writing.Stored);
        _lastWritten = writing.Stored;
    }

    /// <summary>What was held leaves, as far as it is stored.</summary>
    private void ReleaseStored()
    {
        if (_deletion == Deletion.Done)
            (_writing, _gate) = (null, null);
        if (_writing is null || _lost is not null)
            return;
        if (_writing.Lost is Exception error)
        {
            GiveUp(error);
            return;
        }
        if (_gate is null)
            return;
        _gate.Store(_writing.Stored);
        while (_gate.TryRelease(out RoomEffect[]? effects))
            Deliver(effects);
        CompleteStored(_gate.Stored);
    }

    /// <summary>Those go on who have waited until a turn is stored.</summary>
    private void CompleteStored(long turn)
    {
        while (_unstored.TryPeek(out var next) && next.Turn <= turn)
            _unstored.Dequeue().Waiting.SetResult();
    }

    /// <summary>Whether so much is not stored yet that the room waits.</summary>
    private bool IsBehind => _deletion == Deletion.UnderWay || _writing is { Lost: null } && (_writing.IsBehind || _gate is { HeldCount: > MaxHeldTurns } or { HeldBytes: > MaxHeldBytes });

    private void EndDurableTurn()
    {
        if (_lost is not null)
        {
            _effects.Clear();
            FailWaiting(_lost);
            return;
        }

        // What opening changes is stored when it has succeeded.
        if (_isOver)
            WriteLast();
        else if (Status is not (RoomStatus.Initializing or RoomStatus.Opening) && WithHistory(Input.TakeRecord()) is ReadOnlyMemory<byte> record)
            Write(record, Kind);
        Deliver(_gate is null ? _effects.InOrder : _gate.Add(_effects));
        _effects.Clear();
        foreach (TaskCompletionSource waiting in _unwritten)
            _unstored.Enqueue((_lastWritten, waiting));
        _unwritten.Clear();
        if (_gate is not null)
            CompleteStored(_gate.Stored);
    }

    private ReadOnlyMemory<byte>? WithHistory(ReadOnlyMemory<byte>? record)
    {
        if (!_writing!.KeepsHistory)
            return record;
        ReadOnlyMemory<byte>? both = RoomHistory.Add(record, _effects.InOrder, isFirst: !_hasHistory);
        _hasHistory |= both is not null;
        return both;
    }

    private void Write(ReadOnlyMemory<byte> record, TurnKind kind)
    {
        _lastWritten = _gate?.Write() ?? _lastWritten + 1;
        _writing!.Write(_lastWritten, kind, record, Input.NextAlarm);
        if (_writing.WantsSnapshot)
            _writing.WriteSnapshot(_lastWritten, kind, Input.TakeSnapshot());
    }

    /// <summary>Has it stored that nothing more comes: at the end of the turn in which the room is over, and of each later one that writes all the same.</summary>
    private void WriteLast()
    {
        if (WithHistory(Input.TakeRecord(isLast: _lastWritten > 0)) is ReadOnlyMemory<byte> record)
            Write(record, TurnKind.Last);
        else if (_rests)
            return;
        else if (!IsConfirmed && _lastWritten > 0)
            Write("[]"u8.ToArray(), TurnKind.Last);
        _writing!.Rest(Input.NextAlarm);
        _rests = true;
    }

    /// <summary>What is not stored was never told, and is gone: clients are closed, and find the room as it is stored when they come back.</summary>
    private void GiveUp(Exception error)
    {
        Volatile.Write(ref _lost, error);
        StorageLog.RoomLost(_environment.Logger, Label, error);
        if (_gate is not null)
            Deliver(_gate.Discard());
        FailWaiting(error);
        _effects.Clear();
        if (Status == RoomStatus.Open)
        {
            BeginClosing(CloseCode.ServiceRestart);
            Deliver(_effects.InOrder);
            _effects.Clear();
        }
        WhenLost?.Invoke();
    }

    /// <summary>Waits, in turns, until everything is stored, and then handles nothing more until it is said whether the room is deleted.</summary>
    private async Task BeginDeletingAsync()
    {
        await StoredAsync().ConfigureAwait(true);
        _deletion = Deletion.UnderWay;
    }

    /// <summary>Deletes the room in the store; what it tells from then on waits for nothing.</summary>
    /// <param name="store">The store.</param>
    /// <returns>Fails as the store did, and the room is as it was then.</returns>
    internal async Task DeleteStoredAsync(IRoomStore store)
    {
        await RunAsync(BeginDeletingAsync).ConfigureAwait(false);
        Deletion outcome = Deletion.None;
        try
        {
            await store.DeleteAsync(_writing!.Room, _writing.Epoch).ConfigureAwait(false);
            outcome = Deletion.Done;
        }
        finally
        {
            _deletion = outcome;
            _turns.Kick();
        }
    }

    private void FailWaiting(Exception error)
    {
        foreach (TaskCompletionSource waiting in _unwritten)
            waiting.SetException(LostException(error));
        _unwritten.Clear();
        while (_unstored.TryDequeue(out var next))
            next.Waiting.SetException(LostException(error));
    }

    private RoomLostException LostException(Exception error) =>
        new($"what the room {Label} has changed could not be stored, and the room is loaded anew without it: {error.Message}", error);

    private enum Deletion
    {
        None,
        UnderWay,
        Done,
    }
}
