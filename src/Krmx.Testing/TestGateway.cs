using Krmx.Rooms;

namespace Krmx.Testing;

/// <summary>The connections of a room in memory: frames are put where its clients find them.</summary>
internal sealed class TestGateway : IRoomGateway
{
    private readonly Dictionary<ConnectionId, TestClient> _clients = [];
    private readonly SeatTable _seats = new();
    private long _last;

    /// <summary>Opens a connection.</summary>
    public ConnectionId Open(TestClient client)
    {
        var connection = new ConnectionId(++_last);
        _clients.Add(connection, client);
        return connection;
    }

    /// <summary>A connection has gone.</summary>
    public void Close(ConnectionId connection) => _clients.Remove(connection);

    public void Deliver(ReadOnlySpan<RoomEffect> effects)
    {
        foreach (ref readonly RoomEffect effect in effects)
        {
            _seats.Follow(effect);
            foreach (ConnectionId receiver in _seats.Receivers(effect))
                Send(receiver, SeatTable.Frames(effect));
            if (effect.Kind == RoomEffectKind.Close && _clients.TryGetValue(effect.Connection, out TestClient? closing))
                closing.Enqueue(null);
            if (effect.Kind == RoomEffectKind.Challenge && _clients.TryGetValue(effect.Connection, out TestClient? challenged))
                challenged.Challenge();
        }
    }

    private void Send(ConnectionId connection, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (!_clients.TryGetValue(connection, out TestClient? client))
            return;
        foreach (ReadOnlyMemory<byte> frame in frames)
            client.Enqueue(frame.ToArray());
    }
}
