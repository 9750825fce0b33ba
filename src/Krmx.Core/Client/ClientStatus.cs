namespace Krmx;

/// <summary>Where a client is between nothing and being linked.</summary>
public enum ClientStatus
{
    /// <summary>There is no connection, and none is being made.</summary>
    Disconnected,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>The connection was lost, and is being made again.</summary>
    Reconnecting,

    /// <summary>Connected, without a user.</summary>
    Connected,

    /// <summary>A link was asked for and is not decided.</summary>
    Linking,

    /// <summary>Linked to a user: messages come and go.</summary>
    Linked,

    /// <summary>The end of the link was asked for.</summary>
    Unlinking,

    /// <summary>The connection is being closed.</summary>
    Closing,
}
