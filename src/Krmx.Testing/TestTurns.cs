using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Krmx.Testing;

/// <summary>Turns that wait to be done by the test's thread; other threads may add some, where listeners wait for real work.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing.")]
internal sealed class TestTurns
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _due = new();
    private readonly SemaphoreSlim _added = new(0);

    public void Add(IThreadPoolWorkItem turn)
    {
        _due.Enqueue(turn);
        _added.Release();
    }

    /// <summary>Does the turns that are due, and those that follow from them.</summary>
    public void Do()
    {
        while (_due.TryDequeue(out IThreadPoolWorkItem? turn))
            turn.Execute();
    }

    /// <summary>Waits until a turn is added, or was since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _added.WaitAsync(cancellationToken);
}
