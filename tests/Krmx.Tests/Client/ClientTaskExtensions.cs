namespace Krmx.Tests.Client;

internal static class ClientTaskExtensions
{
    /// <summary>For a task whose end is not what the test is about.</summary>
    public static void Ignore(this Task task) => _ = task.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);

    /// <summary>Waits until a link is asked for on a socket.</summary>
    public static async Task BeginsAsync(this Task linking, FakeSocket socket)
    {
        linking.Ignore();
        Assert.Contains("krmx/link", await socket.NextSentAsync(), StringComparison.Ordinal);
    }
}
