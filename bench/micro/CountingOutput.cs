using Krmx.Rooms;

namespace Krmx.MicroBench;

/// <summary>A host that does nothing but count the frames.</summary>
internal sealed class CountingOutput : IRoomOutput
{
    public long Frames { get; private set; }

    public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame) => Frames++;

    public void Send(ConnectionId connection, ReadOnlySpan<ReadOnlyMemory<byte>> frames) => Frames += frames.Length;

    public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame) => Frames += connections.Length;

    public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout) => LinkResult.Accept;

    public void Close(ConnectionId connection, CloseCode code, string description)
    {
    }

    public void CancelAuthentication(AttemptId attempt)
    {
    }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType)
    {
    }

    public void PayloadRefused(string username, string messageType, Exception error)
    {
    }

    public void ListenerFailed(string eventName, Exception error) => throw error;
}
