namespace Krmx.Client;

/// <summary>What a client does to the world, in order; implemented by its driver. No member may throw, or call the client's inputs.</summary>
public interface IClientOutput
{
    /// <summary>Whether so much waits to be sent that messages of the application are refused.</summary>
    bool IsCongested { get; }

    /// <summary>Whether something that was sent has not gone yet.</summary>
    bool IsBehind { get; }

    /// <summary>
    /// What nobody else can guess, from 16 to 64 characters, the same for the client's life, so that its links can go on over several connections
    /// (protocol section 10); null where they shall not.
    /// </summary>
    string? SessionKey { get; }

    /// <summary>Sends a frame's text.</summary>
    void Send(ReadOnlyMemory<byte> frame);

    /// <summary>Less waits for the server to confirm it than did before.</summary>
    void Confirmed();

    /// <summary>The link is another one than before; the listeners are told next.</summary>
    /// <param name="change">What has become of it.</param>
    void LinkChanged(LinkChange change);

    /// <summary>A request was answered, in the order in which they were made; the listeners have been told already.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="outcome">Done, or why not.</param>
    void RequestEnded(ClientRequest request, RequestOutcome outcome);

    /// <summary>Starts a timer.</summary>
    /// <param name="due">How long it runs.</param>
    /// <param name="elapsed">Called once when it is over, as an input is: one call at a time, from no listener or output.</param>
    /// <returns>Stops the timer when disposed; it does not call any more then.</returns>
    IDisposable StartTimer(TimeSpan due, Action elapsed);

    /// <summary>The server sent something the protocol does not allow; it was ignored.</summary>
    /// <param name="what">What it was.</param>
    void ProtocolViolated(string what);

    /// <summary>A message had a payload of another type than its listener reads; that listener was not called.</summary>
    void PayloadRefused(string messageType, Exception error);

    /// <summary>A listener threw; nothing else is touched by it.</summary>
    void ListenerFailed(string eventName, Exception error);
}
