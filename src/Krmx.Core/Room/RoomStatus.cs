namespace Krmx;

/// <summary>Where a server is in its life (protocol section 4).</summary>
public enum RoomStatus
{
    /// <summary>Made, and not listening yet.</summary>
    Initializing,

    /// <summary>About to listen.</summary>
    Starting,

    /// <summary>Connections are served.</summary>
    Listening,

    /// <summary>Every user has left; connections are closing.</summary>
    Closing,

    /// <summary>Over.</summary>
    Closed,
}
