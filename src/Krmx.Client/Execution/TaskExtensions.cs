namespace Krmx.Execution;

internal static class TaskExtensions
{
    /// <summary>Awaits a task and continues on an executor.</summary>
    public static SerialAwaitable<T> On<T>(this Task<T> task, SerialExecutor executor) => new(task, executor);

    /// <summary>Lets a task fail without anybody who looks.</summary>
    public static void Observe(this Task task) => task.OnFailure(static _ => { });

    /// <summary>Tells what a task fails with, should it fail.</summary>
    public static void OnFailure(this Task task, Action<Exception> failed) =>
        task.ContinueWith(
            ended => failed(ended.Exception!.GetBaseException()),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    /// <summary>Waits; never throws.</summary>
    /// <returns>Whether the time has passed, and nobody stopped the waiting.</returns>
    public static async Task<bool> ElapseAsync(this TimeProvider time, TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, time, stop).ConfigureAwait(false);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
