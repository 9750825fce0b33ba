using System.Diagnostics.CodeAnalysis;

namespace Krmx.Links;

/// <summary>One call of link, or one time of linking again: asking for the proof, then the server, if need be more than once.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The application may hold its token for longer; without a timer it holds nothing.")]
internal sealed class LinkAttempt(Credentials who, bool isRelink)
{
    private readonly CancellationTokenSource _stop = new();

    public Credentials Who => who;

    /// <summary>Whether the client does it by itself.</summary>
    public bool IsRelink => isRelink;

    /// <summary>Whether the application's proof is being waited for; the server has not been asked yet.</summary>
    public bool IsAskingAuth { get; set; }

    /// <summary>Whether nobody wants the link any more; when it is made all the same, it is ended again.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    public CancellationToken Stopped => _stop.Token;

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
