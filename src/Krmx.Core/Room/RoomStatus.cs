namespace Krmx;

/// <summary>Where a room is in its life (protocol section 4).</summary>
public enum RoomStatus
{
    /// <summary>Made, and being set up.</summary>
    Initializing,

    /// <summary>Loading what it needs; it can be used, and nobody is let in yet.</summary>
    Opening,

    /// <summary>Connections are served.</summary>
    Open,

    /// <summary>Every user has left; connections are closing.</summary>
    Closing,

    /// <summary>Over.</summary>
    Closed,
}
