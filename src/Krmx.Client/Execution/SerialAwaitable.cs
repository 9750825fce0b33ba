using System.Runtime.CompilerServices;

namespace Krmx.Execution;

/// <summary>Awaits a task and continues on an executor.</summary>
internal readonly struct SerialAwaitable<T>(Task<T> task, SerialExecutor executor) : ICriticalNotifyCompletion
{
    public bool IsCompleted => task.IsCompleted && executor.IsCurrent;

    public SerialAwaitable<T> GetAwaiter() => this;

    public T GetResult() => task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        SerialExecutor resumeOn = executor;
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => resumeOn.Post(continuation));
    }
}
