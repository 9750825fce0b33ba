using System.Diagnostics.CodeAnalysis;

namespace Krmx.Links;

/// <summary>A link that the application wants: who to be, what proves it, and whether it is wanted still.</summary>
/// <param name="username">The user.</param>
/// <param name="getAuth">Asked for the proof at every link.</param>
[SuppressMessage("Design", "CA1001", Justification = "The application may hold its token for longer; without a timer it holds nothing.")]
internal sealed class WantedLink(string username, Func<CancellationToken, ValueTask<string?>> getAuth)
{
    private readonly CancellationTokenSource _stop = new();

    public string Username { get; } = username;

    /// <summary>Whether nobody waits for this link any more.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    public CancellationToken Stopped => _stop.Token;

    public Task<string?> GetAuthAsync() => getAuth(Stopped).AsTask();

    /// <summary>The same link, to be made on another connection.</summary>
    public WantedLink Again() => new(Username, getAuth);

    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException)
        {
            // What the application registered for this threw; it is the application's.
        }
    }
}
