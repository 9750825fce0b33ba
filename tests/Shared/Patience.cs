using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Krmx.Shared;

/// <summary>How long tests wait for what must happen: far longer than it takes, as a busy machine is no failure.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits for a task, and fails naming it where it does not end.</summary>
    public static async Task<T> Soon<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await ((Task)task).Soon(what);
        return await task;
    }

    /// <inheritdoc cref="Soon{T}"/>
    public static async Task Soon(this Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw OutOfTime($"This did not end: {what}");
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task Until(Func<Task<bool>> condition, string what) => Until(condition, () => what);

    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), () => what);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">Its description, made when it has not come true, and so with how things are then.</param>
    public static Task Until(Func<bool> condition, Func<string> what) => Until(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="Until(Func{bool}, Func{string})"/>
    public static async Task Until(Func<Task<bool>> condition, Func<string> what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Limit)
                throw OutOfTime($"It never came true: {what()}");
            await Task.Delay(5);
        }
    }

    /// <summary>Whether the thread pool is at fault shows by its threads, and by what waits for them.</summary>
    private static TimeoutException OutOfTime(string message) => new(
        $"{message} (within {Limit.TotalSeconds} s; {ThreadPool.ThreadCount} threads in the pool, {ThreadPool.PendingWorkItemCount} waiting for one)");
}
