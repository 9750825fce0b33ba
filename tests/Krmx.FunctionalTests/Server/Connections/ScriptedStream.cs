using Krmx.Connections;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>An upgraded stream that gives what it is told to: at once while there is something, and later what comes then.</summary>
internal sealed class ScriptedStream : DuplexStream
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
}
