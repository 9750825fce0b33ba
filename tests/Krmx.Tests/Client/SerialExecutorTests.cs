using System.Collections.Concurrent;
using Krmx.Execution;

namespace Krmx.Tests.Client;

public sealed class SerialExecutorTests
{
    [Fact]
    public async Task Turns_NeverOverlapAndKeepTheOrderOfEachPoster()
    {
        var executor = new SerialExecutor(null, _ => { });
        var order = new List<(int Poster, int Number)>();
        int inside = 0, overlaps = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(poster => Task.Run(() =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                int number = i;
                executor.Post(() =>
                {
                    if (Interlocked.Increment(ref inside) != 1)
                        overlaps++;
                    order.Add((poster, number));
                    Interlocked.Decrement(ref inside);
                });
            }
        })));
        await DrainAsync(executor);
        Assert.Equal(0, overlaps);
        foreach (var posted in order.GroupBy(item => item.Poster))
            Assert.Equal(Enumerable.Range(0, 5_000), posted.Select(item => item.Number));
    }

    [Fact]
    public async Task Turns_RunOnTheGivenContextAndLeaveItCurrent()
    {
        var context = new QueueContext();
        var executor = new SerialExecutor(context, _ => { });
        SynchronizationContext? seen = null;
        executor.Post(() => seen = SynchronizationContext.Current);
        Assert.Null(seen);
        context.RunAll();
        Assert.Same(context, seen);
        await Task.CompletedTask;
    }

    [Fact]
    public void Turns_GiveOthersOnTheContextAChance()
    {
        var context = new QueueContext();
        var executor = new SerialExecutor(context, _ => { });
        int ran = 0;
        for (int i = 0; i < 100; i++)
            executor.Post(() => ran++);
        context.RunOne();
        Assert.Equal(64, ran);
        context.RunAll();
        Assert.Equal(100, ran);
    }

    [Fact]
    public async Task Turns_GoOnOnTheThreadPoolWhenTheContextIsGone()
    {
        var executor = new SerialExecutor(new DeadContext(), _ => { });
        await DrainAsync(executor);
    }

    [Fact]
    public async Task Turn_ThatThrowsIsReportedAndTheNextOneRuns()
    {
        var failures = new ConcurrentQueue<string>();
        var executor = new SerialExecutor(null, error => failures.Enqueue(error.Message));
        executor.Post(() => throw new InvalidOperationException("first"));
        await DrainAsync(executor);
        Assert.Equal(["first"], failures);
    }

    [Fact]
    public async Task Run_IsAtOnceInsideAWorkItem()
    {
        var executor = new SerialExecutor(null, _ => { });
        string order = "";
        executor.Post(() =>
        {
            executor.Post(() => order += "c");
            executor.Run(() => order += "a");
            order += "b";
        });
        await DrainAsync(executor);
        await DrainAsync(executor);
        Assert.Equal("abc", order);
        Assert.False(executor.IsCurrent);
    }

    [Fact]
    public async Task Await_InsideAWorkItemContinuesInOne()
    {
        var executor = new SerialExecutor(null, _ => { });
        var after = new TaskCompletionSource<bool>();
        executor.Post(async () =>
        {
            await Task.Run(() => { });
            after.SetResult(executor.IsCurrent);
        });
        Assert.True(await after.Task.Soon());
    }

    [Fact]
    public async Task AsyncVoid_ThatThrowsIsReported()
    {
        var failed = new TaskCompletionSource<string>();
        var executor = new SerialExecutor(null, error => failed.SetResult(error.Message));
        executor.Post(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("late");
        });
        Assert.Equal("late", await failed.Task.Soon());
    }

    private static Task DrainAsync(SerialExecutor executor)
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Post(drained.SetResult);
        return drained.Task.Soon();
    }

    /// <summary>A user interface's message loop, run by hand.</summary>
    private sealed class QueueContext : SynchronizationContext
    {
        private readonly Queue<Action> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue(() => d(state));

        public void RunOne()
        {
            SynchronizationContext? outer = Current;
            SetSynchronizationContext(this);
            _posted.Dequeue()();
            SetSynchronizationContext(outer);
        }

        public void RunAll()
        {
            while (_posted.Count > 0)
                RunOne();
        }
    }

    private sealed class DeadContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("gone");
    }
}
