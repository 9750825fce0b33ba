namespace Krmx.Execution;

/// <summary>The end of a task that was handed to the application.</summary>
internal sealed class Completion() : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public void Succeed() => TrySetResult(true);

    public void Fail(Exception error)
    {
        // Reading the exception marks it as seen: an application that does not await is not punished.
        if (TrySetException(error))
            _ = Task.Exception;
    }

    /// <summary>Ends the task when the caller wants no more of it.</summary>
    /// <param name="abandoned">Called where that was what ended it, on any thread.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public void CancelBy(Action abandoned, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return;
        CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            if (TrySetCanceled(cancellationToken))
                abandoned();
        });
        Task.ContinueWith(
            _ => registration.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
