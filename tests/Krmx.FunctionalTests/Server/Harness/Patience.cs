using System.Diagnostics;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>How long tests wait for what must happen: far longer than it takes, as a busy machine is no failure.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    /// <summary>Waits until a condition holds.</summary>
    public static Task Until(Func<Task<bool>> condition, string what) => Until(condition, () => what);

    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), () => what);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">Its description, made when it has not come true, and so with how things are then.</param>
    public static Task Until(Func<bool> condition, Func<string> what) => Until(() => Task.FromResult(condition()), what);

    private static async Task Until(Func<Task<bool>> condition, Func<string> what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Limit)
                Assert.Fail($"It never came true: {what()}");
            await Task.Delay(5);
        }
    }
}
