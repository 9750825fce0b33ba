using Krmx.Rooms;

namespace Krmx.Testing;

/// <summary>What a room in memory does to the world: it puts frames where its clients find them.</summary>
internal sealed class TestOutput : IRoomOutput
{
    public Dictionary<ConnectionId, TestClient> Clients { get; } = [];

    public List<Exception> Failures { get; } = [];

    public List<string> Refusals { get; } = [];

    public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame)
    {
        if (Clients.TryGetValue(connection, out TestClient? client))
            client.Enqueue(frame.ToArray());
    }

    public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
    {
        foreach (ConnectionId connection in connections)
            Send(connection, frame);
    }

    public void Close(ConnectionId connection, CloseCode code, string description)
    {
        if (Clients.TryGetValue(connection, out TestClient? client))
            client.Enqueue(null);
    }

    public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout) => LinkResult.Accept;

    public void CancelAuthentication(AttemptId attempt)
    {
    }

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        Refusals.Add($"{username} sent {messageType ?? "no message"}");

    public void PayloadRefused(string username, string messageType, Exception error) =>
        Refusals.Add($"{username} sent {messageType}: {error.Message}");

    public void ListenerFailed(string eventName, Exception error) => Failures.Add(error);
}
