using Krmx.Client;

namespace Krmx;

// Requests to the server's application, each of which ends once (protocol section 10, "Requests").
public partial class KrmxClientCore
{
    private static readonly TimeSpan MaxRequestTimeout = TimeSpan.FromDays(1);

    private PendingRequests? _pendingRequests; // null until there is one

    /// <summary>Asks the server for something. Protocol section 10.</summary>
    /// <param name="request">The type of the request, and its payload.</param>
    /// <param name="timeout">How long to wait for the answer, also while the link's connection is away. From 1 ms to a day.</param>
    /// <param name="completed">
    /// Told once what became of it: at once where it is not sent. Called as listeners are: one at a time. What it throws is reported.
    /// </param>
    /// <returns>When disposed, nobody waits for the answer any more; the server may have done what was asked.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is out of its range.</exception>
    public IDisposable Request(KrmxMessage request, TimeSpan timeout, Action<RequestResult> completed)
    {
        ArgumentNullException.ThrowIfNull(completed);
        if (timeout < TimeSpan.FromMilliseconds(1) || timeout > MaxRequestTimeout)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "It must be from 1 ms to a day.");
        var pending = new PendingRequest(this, request, timeout, completed);
        RunSerially(() => (_pendingRequests ??= new PendingRequests(this)).Send(pending));
        return pending;
    }
}
