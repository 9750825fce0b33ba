namespace Krmx.Client;

/// <summary>A request that a client makes; who made it waits no more when it is disposed.</summary>
internal sealed class PendingRequest(KrmxClientCore client, KrmxMessage request, TimeSpan timeout, Action<RequestResult> completed) : IDisposable
{
    /// <summary>Whether nobody waits any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The message that is asked with.</summary>
    public KrmxMessage Request => request;

    /// <summary>How long it waits for its answer.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>Its number among those of the client; 0 until it is sent.</summary>
    public long Number { get; set; }

    /// <summary>Ends the waiting when it takes too long.</summary>
    public IDisposable? Timer { get; set; }

    /// <summary>What to do where it is not wanted any more.</summary>
    public Action? Forgotten { get; set; }

    /// <summary>Tells what became of it, unless it is over.</summary>
    public void Complete(RequestResult result)
    {
        if (IsOver)
            return;
        IsOver = true;
        Timer?.Dispose();
        try
        {
            completed(result);
        }
        catch (Exception error)
        {
            client.ReportFailed($"request {request.Type}", error);
        }
    }

    public void Dispose() => client.RunSerially(() =>
    {
        IsOver = true;
        Timer?.Dispose();
        Forgotten?.Invoke();
    });
}
