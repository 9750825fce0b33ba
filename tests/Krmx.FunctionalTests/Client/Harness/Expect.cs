namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>What tests expect of clients.</summary>
internal static class Expect
{
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

    public static async Task<TException> FailsAsync<TException>(Task task)
        where TException : Exception => await Assert.ThrowsAsync<TException>(() => task.Soon());

    /// <summary>Waits for a task that may well fail, but with one of the client's own exceptions.</summary>
    /// <returns>Whether it succeeded.</returns>
    public static async Task<bool> EndsAsync(Task task)
    {
        try
        {
            await task.Soon();
            return true;
        }
        catch (KrmxException)
        {
            return false;
        }
    }
}
