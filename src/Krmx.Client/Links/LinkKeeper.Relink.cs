using System.Net.WebSockets;
using Krmx.Client;
using Krmx.Transport;
using Krmx.Execution;

namespace Krmx.Links;

// Linking again after a drop.
internal sealed partial class LinkKeeper
{
    /// <summary>A connection is open, and its listeners have been told.</summary>
    public void Connected()
    {
        if (_wanted is Credentials who && driver.Client.Status == ClientStatus.Connected)
            driver.Go(RelinkAsync(_attempt = new LinkAttempt(who, isRelink: true)));
    }

    /// <summary>The server has ended the link: for this user, or for all because it closes.</summary>
    public void EndedByServer() => _endedAt = driver.Options.TimeProvider.GetTimestamp();

    /// <summary>The connection has ended and is made again; the core is told next.</summary>
    public void Reconnecting(KrmxClose close)
    {
        bool isDrop = driver.Client.Status == ClientStatus.Linked || _attempt is { IsRelink: true, IsStopped: false };
        if (!isDrop && !IsFarewell(close))
            _wanted = null;
        _attempt?.Stop();
    }

    /// <summary>The connection has ended for good; the core is told next.</summary>
    public void Disconnecting()
    {
        _wanted = null;
        _attempt?.Stop();
    }

    /// <summary>A server that closes lets every user leave, then says 1001 or 1012 (protocol section 4): that was not about this user.</summary>
    private bool IsFarewell(KrmxClose close) =>
        close.Status is WebSocketCloseStatus.EndpointUnavailable or (WebSocketCloseStatus)CloseCode.ServiceRestart &&
        _endedAt is long endedAt &&
        driver.Options.TimeProvider.GetElapsedTime(endedAt) < driver.Options.CloseTimeout;

    private async Task RelinkAsync(LinkAttempt attempt)
    {
        ReconnectPolicy policy = driver.Options.Reconnect;
        var backoff = new Backoff(policy, driver.Random);
        long startedAt = driver.Options.TimeProvider.GetTimestamp();
        do
        {
            bool isLast = driver.Options.TimeProvider.GetElapsedTime(startedAt) >= policy.RelinkTimeout;
            string? obstacle = await TryRelinkAsync(attempt, retries: !isLast).On(_executor);
            if (obstacle is null || attempt.IsStopped)
                break;
            if (isLast)
            {
                GiveUp(attempt, obstacle);
                break;
            }
            Log.RelinkWaits(driver.Logger, attempt.Who.Username, obstacle);
        }
        while (await driver.Options.TimeProvider.ElapseAsync(backoff.Next(), attempt.Stopped).On(_executor));
        End(attempt);
    }

    /// <summary>Asks for the link once.</summary>
    /// <returns>Why it is not made though it may be yet; null when it is made, or will not be.</returns>
    private async Task<string?> TryRelinkAsync(LinkAttempt attempt, bool retries)
    {
        try
        {
            (_, RequestOutcome outcome) = await AskAsync(attempt, retries).On(_executor);
            if (outcome.Kind == RequestOutcomeKind.Conflict)
                return outcome.Reason;
            if (outcome.Kind == RequestOutcomeKind.Rejected)
                GiveUp(attempt, outcome.Reason!);
            return null;
        }
        catch (Exception error)
        {
            return error.Message;
        }
    }

    private void GiveUp(LinkAttempt attempt, string reason)
    {
        _wanted = null;
        Log.RelinkEnded(driver.Logger, attempt.Who.Username, reason);
    }
}
