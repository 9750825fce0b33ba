namespace Krmx.Storage;

/// <summary>What is to be stored of one room, on its way from the room's turns to the writer.</summary>
/// <param name="room">The room.</param>
/// <param name="epoch">The epoch of its opening.</param>
/// <param name="lastTurn">The number of the last turn that is stored.</param>
/// <param name="options">How it is stored.</param>
/// <param name="writer">What stores it.</param>
internal sealed class RoomWriting(RoomKey room, long epoch, long lastTurn, KrmxStorageOptions options, StoreWriter writer)
{
    private const int BytesBetweenSnapshots = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _rested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<StoredTurn> _turns = [];
    private StoredTurn? _snapshot;
    private DateTimeOffset? _alarm; // what the room has said last
    private bool _isAtRest;
    private long _backlog;
    private long _stored = lastTurn;
    private long _snapshotBytes;
    private long _bytesSinceSnapshot;
    private Exception? _lost;

    /// <summary>Called from any thread when something is stored, or nothing ever will be.</summary>
    public Action? Progress { get; set; }

    public RoomKey Room => room;

    public long Epoch => epoch;

    public bool IsRelaxed => options.Durability == KrmxDurability.Relaxed;

    public bool KeepsHistory => options.History;

    public TimeSpan Patience => options.Patience;

    /// <summary>When it is stored that the room is in no process any more; fails where nothing is stored any more.</summary>
    public Task Rested => _rested.Task;

    /// <summary>Whether the writer has it among those that are due; belongs to the writer's lock.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The number of the last turn that is stored.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Why nothing is stored any more; null while it is.</summary>
    public Exception? Lost => Volatile.Read(ref _lost);

    /// <summary>Whether so much waits to be stored that the room had better wait as well.</summary>
    public bool IsBehind => Interlocked.Read(ref _backlog) > options.MaxBacklogBytes;

    /// <summary>Whether what was written since the last snapshot has outgrown it, so that another one pays. From the room's turns.</summary>
    public bool WantsSnapshot => _bytesSinceSnapshot > Math.Max(BytesBetweenSnapshots, _snapshotBytes);

    /// <summary>Takes in how much there was to read when the room was opened.</summary>
    public void Opened(long snapshotBytes, long bytesSinceSnapshot) => (_snapshotBytes, _bytesSinceSnapshot) = (snapshotBytes, bytesSinceSnapshot);

    /// <summary>Has it stored, before the room is open, that from now on more may be told than is stored.</summary>
    public async Task WriteMarkAsync()
    {
        var marked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long number = Stored + 1;
        Progress = () =>
        {
            if (Lost is Exception error)
                marked.TrySetException(error);
            else if (Stored >= number)
                marked.TrySetResult();
        };
        Write(number, TurnKind.Relaxed, "[]"u8.ToArray(), _alarm);
        writer.Enqueue(this, isUrgent: true);
        await marked.Task.ConfigureAwait(false);
        Progress = null;
    }

    /// <summary>Has a turn stored. From the room's turns.</summary>
    public void Write(long number, TurnKind kind, ReadOnlyMemory<byte> content, DateTimeOffset? alarm)
    {
        byte[] bytes = TurnEnvelope.Close(room, number, kind, content.Span);
        _bytesSinceSnapshot += bytes.Length;
        lock (_gate)
        {
            _turns.Add(new StoredTurn(number, bytes));
            _alarm = alarm;
            _backlog += bytes.Length;
        }
        writer.Enqueue(this);
    }

    /// <summary>Has a snapshot stored, behind the turn that was written last. From the room's turns.</summary>
    public void WriteSnapshot(long number, TurnKind kind, ReadOnlyMemory<byte> content)
    {
        byte[] bytes = TurnEnvelope.Close(room, number, kind, content.Span);
        (_snapshotBytes, _bytesSinceSnapshot) = (bytes.Length, 0);
        lock (_gate)
            _snapshot = new StoredTurn(number, bytes);
        writer.Enqueue(this);
    }

    /// <summary>Has it stored that the room is in no process any more.</summary>
    /// <param name="alarm">When its next alarm rings.</param>
    public void Rest(DateTimeOffset? alarm)
    {
        lock (_gate)
            (_isAtRest, _alarm) = (true, alarm);
        writer.Enqueue(this, isUrgent: true);
    }

    /// <summary>Takes out what is to be stored; from the writer.</summary>
    public RoomCommit? Take(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_lost is not null || (_turns.Count == 0 && _snapshot is null && !_isAtRest))
                return null;
            var commit = new RoomCommit
            {
                Room = room,
                Epoch = epoch,
                Turns = _turns,
                Snapshot = _snapshot,
                KeepsHistory = options.History,
                Alarm = _alarm,
                IsAtRest = _isAtRest,
                Time = now,
            };
            (_turns, _snapshot, _isAtRest) = ([], null, false);
            return commit;
        }
    }

    /// <summary>A commit is stored; from the writer.</summary>
    public void Confirm(RoomCommit commit)
    {
        lock (_gate)
        {
            _backlog -= commit.TurnBytes;
            if (commit.Turns.Count > 0)
                Volatile.Write(ref _stored, commit.Turns[^1].Number);
        }
        if (commit.IsAtRest)
            _rested.TrySetResult();
        Progress?.Invoke();
    }

    /// <summary>Nothing of the room is stored any more; from the writer.</summary>
    public void Lose(Exception error)
    {
        Volatile.Write(ref _lost, error);
        _rested.TrySetException(error);
        _ = _rested.Task.Exception; // nobody may be waiting
        Progress?.Invoke();
    }
}
