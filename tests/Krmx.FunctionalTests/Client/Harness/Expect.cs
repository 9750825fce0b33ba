using System.Reflection;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>Waiting with an end.</summary>
internal static class Expect
{
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public static string RepositoryRoot { get; } = typeof(Expect).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Options that lose no time.</summary>
    public static KrmxClientOptions Hasty => new()
    {
        Reconnect = { MinDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(20) },
    };

    /// <summary>The same, changed.</summary>
    public static KrmxClientOptions HastyWith(Action<KrmxClientOptions> change)
    {
        KrmxClientOptions options = Hasty;
        change(options);
        return options;
    }

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(condition, () => what);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">Its description, made when it has not come true, and so with how things are then.</param>
    public static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (patience.IsCancellationRequested)
                Assert.Fail($"never: {what()}");
            await Task.Delay(1);
        }
    }

    public static async Task<TException> FailsAsync<TException>(Task task)
        where TException : Exception => await Assert.ThrowsAsync<TException>(() => task.WaitAsync(Patience));

    /// <summary>Waits for a task that may well fail, but with one of the client's own exceptions.</summary>
    /// <returns>Whether it succeeded.</returns>
    public static async Task<bool> EndsAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Patience);
            return true;
        }
        catch (KrmxException)
        {
            return false;
        }
    }
}
