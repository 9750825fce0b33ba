using System.Runtime.CompilerServices;

namespace Krmx.Turns;

/// <summary>Awaits a task and continues in a turn.</summary>
internal readonly struct TurnAwaitable<T>(Task<T> task, SerialExecutor turns) : ICriticalNotifyCompletion
{
    public bool IsCompleted => task.IsCompleted && turns.IsInTurn;

    public TurnAwaitable<T> GetAwaiter() => this;

    public T GetResult() => task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        SerialExecutor executor = turns;
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => executor.Post(continuation));
    }
}
