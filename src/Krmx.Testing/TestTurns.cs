using System.Threading.Channels;

namespace Krmx.Testing;

/// <summary>Turns that wait to be done by the test's thread; other threads may add some, where listeners wait for real work.</summary>
internal sealed class TestTurns
{
    private readonly Channel<IThreadPoolWorkItem> _due = Channel.CreateUnbounded<IThreadPoolWorkItem>();

    public void Add(IThreadPoolWorkItem turn) => _due.Writer.TryWrite(turn);

    /// <summary>Does the turns that are due, and those that follow from them.</summary>
    public void Do()
    {
        while (_due.Reader.TryRead(out IThreadPoolWorkItem? turn))
            turn.Execute();
    }

    /// <summary>Waits until a turn is due.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _due.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
}
