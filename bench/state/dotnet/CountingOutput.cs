using Krmx.Rooms;

namespace Krmx.StateBench;

/// <summary>Counts frames and bytes for each connection they go to; gives them to somebody only while a room is verified.</summary>
internal sealed class CountingOutput : IRoomOutput
{
    public long Frames { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Given each frame; null while nobody wants them.</summary>
    public Action<ConnectionId, ReadOnlyMemory<byte>>? Recipient { get; set; }

    public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame) => Send([connection], frame);

    public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
    {
        Frames += connections.Length;
        Bytes += (long)connections.Length * frame.Length;
        if (Recipient is null)
            return;
        foreach (ConnectionId connection in connections)
            Recipient(connection, frame);
    }

    public void Close(ConnectionId connection, CloseCode code, string description) => Fail("a connection was closed");

    public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout) => LinkResult.Accept;

    public void CancelAuthentication(AttemptId attempt)
    {
    }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason) => Fail(reason);

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) => Fail("the protocol was violated");

    public void PayloadRefused(string username, string messageType, Exception error) => Fail(error.Message);

    public void ListenerFailed(string eventName, Exception error) => Fail($"{eventName}: {error}");

    private static void Fail(string what) => throw new InvalidOperationException($"The benchmark is wrong: {what}.");
}
