using System.Collections.Concurrent;

namespace Krmx.Testing;

/// <summary>Turns that wait to be done by the test's thread; other threads may add some, where listeners wait for real work.</summary>
internal sealed class TestTurns
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _due = new();

    public void Add(IThreadPoolWorkItem turn) => _due.Enqueue(turn);

    /// <summary>Does the turns that are due, and those that follow from them.</summary>
    public void Do()
    {
        while (_due.TryDequeue(out IThreadPoolWorkItem? turn))
            turn.Execute();
    }
}
