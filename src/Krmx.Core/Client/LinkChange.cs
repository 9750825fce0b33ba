namespace Krmx.Client;

/// <summary>What has become of a client's link.</summary>
public enum LinkChange
{
    /// <summary>The link that was asked for is made.</summary>
    Made,

    /// <summary>The link that was asked for was rejected.</summary>
    Rejected,

    /// <summary>The user is linked to another connection, which the driver said it would wait for.</summary>
    Conflicted,

    /// <summary>The server has ended the link unasked: for this user, or for all because it closes.</summary>
    EndedByServer,
}
