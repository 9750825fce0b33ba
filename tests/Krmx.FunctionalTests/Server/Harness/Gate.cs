using System.Collections.Concurrent;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>An authentication that waits for the test's decision, but for those whose auth text is absent: they pass.</summary>
internal sealed class Gate
{
    private readonly ConcurrentQueue<Asked> _asked = new();
    private int _taken;

    public void Attach(KrmxRoom room) => room.OnAuthenticate((link, cancellation) =>
    {
        if (link.Auth is null)
            return ValueTask.FromResult(LinkResult.Accept);
        var asked = new Asked(link, cancellation);
        _asked.Enqueue(asked);
        return new ValueTask<LinkResult>(asked.Decision.Task);
    });

    /// <summary>Asks for a link, and waits for the request.</summary>
    public async Task<Asked> AskAsync(WireClient client, string username)
    {
        await client.AskAsync(username, "wait");
        return await NextAsync();
    }

    /// <summary>Waits for the next request.</summary>
    public async Task<Asked> NextAsync()
    {
        int index = _taken++;
        await Patience.Until(() => _asked.Count > index, "an authentication is asked for");
        return _asked.ElementAt(index);
    }

    internal sealed record Asked(LinkRequest Link, CancellationToken Cancellation)
    {
        public TaskCompletionSource<LinkResult> Decision { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Accept() => Decision.SetResult(LinkResult.Accept);

        public void Reject(string reason) => Decision.SetResult(LinkResult.Reject(reason));

        public Task WaitForCancellation() => Patience.Until(() => Cancellation.IsCancellationRequested, "the authentication is cancelled");
    }
}
