using System.Net.WebSockets;
using Krmx.Client;
using Krmx.Execution;
using Krmx.Transport;

namespace Krmx.Links;

// Linking again after a drop.
internal sealed partial class LinkKeeper
{
    /// <summary>Whether the link is asked for again on the next connection.</summary>
    public bool IsComingBack => _intent == LinkIntent.Away;

    /// <summary>A connection is open, and its listeners have been told.</summary>
    public void Connected()
    {
        if (_intent != LinkIntent.Away || driver.Client.Status is not (ClientStatus.Connected or ClientStatus.Reconnecting))
            return;
        Move(LinkSignal.Reconnected);
        driver.Go(RelinkAsync(_link!));
    }

    /// <summary>The connection has ended and is made again; the core is told next.</summary>
    public void Dropped(KrmxClose close)
    {
        WantedLink? link = _link;
        Move(IsFarewell(close) ? LinkSignal.Farewell : LinkSignal.Dropped);
        link?.Stop();
        _link = _intent == LinkIntent.Away ? link?.Again() : null;
    }

    /// <summary>The connection has ended for good; the core is told next.</summary>
    public void Gone() => Move(LinkSignal.Gone);

    /// <summary>A server that closes lets every user leave, then says 1001 or 1012 (protocol section 4): that was not about this user.</summary>
    private bool IsFarewell(KrmxClose close) =>
        close.Status is WebSocketCloseStatus.EndpointUnavailable or (WebSocketCloseStatus)CloseCode.ServiceRestart &&
        driver.Options.TimeProvider.GetElapsedTime(_endedAt) < driver.Options.Timeouts.Close;

    private async Task RelinkAsync(WantedLink link)
    {
        ReconnectOptions policy = driver.Options.Reconnect;
        var backoff = new Backoff(policy, driver.Random);
        long startedAt = driver.Options.TimeProvider.GetTimestamp();
        do
        {
            bool isLast = driver.Options.TimeProvider.GetElapsedTime(startedAt) >= policy.RelinkTimeout;
            string? obstacle = await TryRelinkAsync(link, retries: !isLast).On(_executor);
            if (obstacle is null || link.IsStopped)
                return;
            if (isLast)
            {
                Move(LinkSignal.GiveUp);
                Core.Abandon();
                Log.RelinkEnded(driver.Logger, link.Username, obstacle);
                return;
            }
            Log.RelinkWaits(driver.Logger, link.Username, obstacle);
        }
        while (await driver.Options.TimeProvider.ElapseAsync(backoff.Next(), link.Stopped).On(_executor));
    }

    /// <summary>Asks for the link once.</summary>
    /// <returns>Why it is not made though it may be yet; null when it is made, or will not be.</returns>
    private async Task<string?> TryRelinkAsync(WantedLink link, bool retries)
    {
        try
        {
            (_, RequestOutcome outcome) = await AskAsync(link, retries).On(_executor);
            if (outcome.Kind == RequestOutcomeKind.Conflict)
                return outcome.Reason;
            if (outcome.Kind == RequestOutcomeKind.Rejected)
                Log.RelinkEnded(driver.Logger, link.Username, outcome.Reason!);
            return null;
        }
        catch (Exception error)
        {
            return error.Message;
        }
    }
}
