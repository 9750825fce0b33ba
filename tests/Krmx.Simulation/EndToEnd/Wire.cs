using Krmx.Rooms;

namespace Krmx.Simulation.EndToEnd;

/// <summary>A connection between a client and the room: what is under way on it arrives late, in part, or not at all; and each end learns of its loss by itself.</summary>
internal sealed class Wire(ConnectionId id)
{
    public ConnectionId Id { get; } = id;

    /// <summary>By which the room's application knows whose a link is.</summary>
    public KrmxConnectionInfo Facts { get; } = new();

    public Queue<byte[]> ToRoom { get; } = new();

    public Queue<byte[]> ToClient { get; } = new();

    /// <summary>Whether the client has given it up; what it sent before may arrive still.</summary>
    public bool IsLostToClient { get; set; }

    /// <summary>Whether the room has given it up; what it sent before may arrive still.</summary>
    public bool IsLostToRoom { get; set; }

    /// <summary>Whether the room has closed it, which the client hears behind all that was sent.</summary>
    public CloseCode? Closed { get; set; }
}
