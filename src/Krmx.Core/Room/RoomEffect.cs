namespace Krmx.Rooms;

/// <summary>One thing that a room's turn does to the world; which members mean something depends on its kind.</summary>
public readonly struct RoomEffect
{
    private readonly object? _detail;
    private readonly long _number;

    internal RoomEffect(
        RoomEffectKind kind,
        ConnectionId connection = default,
        ReadOnlyMemory<byte> frame = default,
        object? detail = null,
        long number = 0,
        bool isVolatile = false)
    {
        Kind = kind;
        IsVolatile = isVolatile;
        Connection = connection;
        Frame = frame;
        _detail = detail;
        _number = number;
    }

    /// <summary>What is done.</summary>
    public RoomEffectKind Kind { get; }

    /// <summary>Of what sends a frame: whether the frame may be lost, and is to be where a connection has not taken what it was sent before.</summary>
    public bool IsVolatile { get; }

    /// <summary>The connection it is done to; of <see cref="RoomEffectKind.BroadcastExcept"/>, the one that is left out.</summary>
    public ConnectionId Connection { get; }

    /// <summary>The text of the frame that is sent; never written to afterwards.</summary>
    public ReadOnlyMemory<byte> Frame { get; }

    /// <summary>Of <see cref="RoomEffectKind.SendPicture"/>: the texts of the frames, in order; neither list nor texts are ever written to.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Frames => (IReadOnlyList<ReadOnlyMemory<byte>>)_detail!;

    /// <summary>Of <see cref="RoomEffectKind.SendToSome"/>: the connections.</summary>
    public IReadOnlyList<ConnectionId> Connections => (IReadOnlyList<ConnectionId>)_detail!;

    /// <summary>
    /// Of <see cref="RoomEffectKind.Broadcast"/>: to whom of those who are seated; of <see cref="RoomEffectKind.Seat"/>: to which the connection belongs.
    /// </summary>
    public RoomAudience Audience => (RoomAudience)_number;

    /// <summary>Of <see cref="RoomEffectKind.Seat"/>: the user that the connection is linked to.</summary>
    public string Username => (string)_detail!;

    /// <summary>Of <see cref="RoomEffectKind.Close"/>: what the connection is told.</summary>
    public CloseCode CloseCode => (CloseCode)_number;

    /// <summary>Of <see cref="RoomEffectKind.Close"/>: what the connection is told in words.</summary>
    public string Description => (string)_detail!;

    /// <summary>Of authentications: the attempt they are about.</summary>
    public AttemptId Attempt => new(_number);

    /// <summary>Of <see cref="RoomEffectKind.Authenticate"/>: who asks for what.</summary>
    public LinkRequest Request => (LinkRequest)_detail!;
}
