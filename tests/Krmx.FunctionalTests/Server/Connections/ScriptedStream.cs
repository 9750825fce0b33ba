namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>An upgraded stream that gives what it is told to: at once while there is something, and later what comes then.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Queue<byte[]> _script = new();
    private TaskCompletionSource _more = new();
    private volatile TaskCompletionSource? _stuck;

    /// <summary>What is read when nothing else waits, over and over; null for nothing.</summary>
    public byte[]? Endless { get; set; }

    /// <summary>Whether each write waits until it is let end.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Whether a write waits.</summary>
    public bool IsWaiting => _stuck is { Task.IsCompleted: false };

    /// <summary>What was written, one write after another.</summary>
    public List<byte[]> Writes { get; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Lets something arrive.</summary>
    public void Arrive(params byte[] bytes)
    {
        _script.Enqueue(bytes);
        TaskCompletionSource before = _more;
        _more = new TaskCompletionSource();
        before.SetResult();
    }

    /// <summary>Lets the write that waits end.</summary>
    public void LetWriteEnd() => _stuck!.SetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_script.Count == 0 && Endless is null)
            await _more.Task;
        if (buffer.IsEmpty)
            return 0;
        byte[] next = _script.Count == 0 ? Endless! : _script.Dequeue();
        next.CopyTo(buffer);
        return next.Length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Writes.Add(buffer.ToArray());
        if (!IsStuck)
            return ValueTask.CompletedTask;
        _stuck = new TaskCompletionSource();
        return new ValueTask(_stuck.Task);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
