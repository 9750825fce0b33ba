namespace Krmx;

// How code outside the room's turns gets into them.
public partial class KrmxRoom
{
    /// <summary>Does something in a turn of the room, later; what it throws is logged.</summary>
    /// <remarks>From any thread; what one thread posts is done in that order.</remarks>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _turns.Enqueue(action);
    }

    /// <summary>Does something in a turn of the room.</summary>
    /// <returns>Completes when it is done, and in a durable room stored; or fails as it did.</returns>
    public Task InvokeAsync(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return InvokeAsync(() =>
        {
            action();
            return true;
        });
    }

    /// <summary>Does something in a turn of the room, and gives what it returns.</summary>
    /// <returns>Completes when it is done, and in a durable room stored; or fails as it did.</returns>
    public Task<T> InvokeAsync<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return IsConfirmed ? RunAsync(() => WhenStoredAsync(function())).Unwrap() : RunAsync(function);
    }

    /// <summary>Does something in turns of the room, each continuation in its own.</summary>
    /// <returns>Completes when it is done, and in a durable room stored; or fails as it did.</returns>
    public Task InvokeAsync(Func<Task> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return InvokeAsync(async () =>
        {
            await function().ConfigureAwait(true);
            return true;
        });
    }

    /// <summary>Does something in turns of the room, each continuation in its own, and gives what it returns.</summary>
    /// <returns>Completes when it is done, and in a durable room stored; or fails as it did.</returns>
    public Task<T> InvokeAsync<T>(Func<Task<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return IsConfirmed
            ? RunAsync(async () => await WhenStoredAsync(await function().ConfigureAwait(true)).ConfigureAwait(true)).Unwrap()
            : RunAsync(function).Unwrap();
    }

    /// <summary>Does something in turns of the room, and does not wait until it is stored.</summary>
    internal Task RunAsync(Func<Task> function) => RunAsync<Task>(function).Unwrap();

    /// <inheritdoc cref="RunAsync(Func{Task})"/>
    internal Task<T> RunAsync<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    private async Task<T> WhenStoredAsync<T>(T result)
    {
        await StoredAsync().ConfigureAwait(false);
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The caller is not in a turn of this room.</exception>
    protected override void VerifyTurn()
    {
        if (!_turns.IsCurrent && !_environment.IsDrivenByTest)
        {
            throw new InvalidOperationException(
                "A room may be used in its own turns only, and this call comes from elsewhere: use room.Post or room.InvokeAsync, " +
                "and no ConfigureAwait(false) in listeners.");
        }
    }
}
