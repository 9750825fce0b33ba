using System.Collections.Concurrent;

namespace Krmx.Sqlite;

/// <summary>A thread with a connection of its own, as SQLite blocks: the pool's threads wait for nothing.</summary>
/// <remarks>What waits is done in one transaction, so one write to the disk does for all of it. Where something in it fails, each is done by itself.</remarks>
internal sealed class SqliteWorker : IAsyncDisposable
{
    private const int MaxItemsInATransaction = 256;

    private readonly BlockingCollection<WorkItem> _waiting = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqliteDatabase> _open;
    private readonly string _begin;
    private readonly Action<SqliteDatabase> _committed;
    private SqliteDatabase? _database;

    /// <param name="name">The thread's name.</param>
    /// <param name="begin">The statement that begins a transaction.</param>
    /// <param name="open">Opens the connection, when there is something to do first; again, where it failed.</param>
    /// <param name="committed">Called after each transaction.</param>
    public SqliteWorker(string name, string begin, Func<SqliteDatabase> open, Action<SqliteDatabase> committed)
    {
        _open = open;
        _begin = begin;
        _committed = committed;
        new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Does something in a transaction; it may be done again, after what it did was taken back.</summary>
    public Task<T> RunAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken)
    {
        var item = new WorkItem<T>(work, cancellationToken);
        try
        {
            _waiting.Add(item, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteRoomStore)));
        }
        return item.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Does what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        List<WorkItem> items = [];
        foreach (WorkItem first in _waiting.GetConsumingEnumerable())
        {
            items.Add(first);
            while (items.Count < MaxItemsInATransaction && _waiting.TryTake(out WorkItem? next))
                items.Add(next);
            items.RemoveAll(static item => item.IsCancelled);
            if (items.Count > 0)
                RunTogether(items);
            items.Clear();
        }
        _database?.Dispose();
        _waiting.Dispose();
        _ended.SetResult();
    }

    private void RunTogether(List<WorkItem> items)
    {
        try
        {
            _database ??= _open();
        }
        catch (Exception error)
        {
            foreach (WorkItem item in items)
                item.Fail(error);
            return;
        }
        if (Run(items) is Exception failure)
        {
            if (items.Count == 1)
            {
                items[0].Fail(failure);
                return;
            }
            foreach (WorkItem item in items)
            {
                if (Run([item]) is Exception ownFailure)
                    item.Fail(ownFailure);
            }
        }
    }

    /// <returns>What failed; null where all is done and told.</returns>
    private Exception? Run(List<WorkItem> items)
    {
        SqliteDatabase database = _database!;
        try
        {
            database.Run(_begin);
            foreach (WorkItem item in items)
                item.Run(database);
            database.Run("COMMIT");
        }
        catch (Exception error)
        {
            try
            {
                database.RollBack();
            }
            catch (Exception)
            {
                // A connection that cannot even do that is no good any more.
                database.Dispose();
                _database = null;
            }
            return error;
        }
        foreach (WorkItem item in items)
            item.Complete();
        try
        {
            _committed(database);
        }
        catch (Exception)
        {
            // It is done again after the next transaction, and what is wrong shows there too.
        }
        return null;
    }

    private abstract class WorkItem
    {
        public abstract bool IsCancelled { get; }

        public abstract void Run(SqliteDatabase database);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class WorkItem<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken) : WorkItem
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _completion.Task;

        public override bool IsCancelled => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

        public override void Run(SqliteDatabase database) => _result = work(database);

        public override void Complete() => _completion.SetResult(_result!);

        public override void Fail(Exception error)
        {
            _completion.SetException(error);
            // Whoever asked may wait no longer; then nobody looks, and nothing is wrong with that.
            _ = _completion.Task.Exception;
        }
    }
}
