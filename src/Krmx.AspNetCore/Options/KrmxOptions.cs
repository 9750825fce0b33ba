namespace Krmx;

/// <summary>What a mapped Krmx endpoint allows; the defaults are the safe ones.</summary>
public class KrmxOptions : KrmxRoomOptions
{
    /// <summary>How many rooms there may be, and for how long.</summary>
    public KrmxRoomLifeOptions Rooms { get; } = new();

    /// <summary>How large a client's messages may be, and how many.</summary>
    public KrmxMessageOptions Messages { get; } = new();

    /// <summary>Who may connect, and what a connection may cost.</summary>
    public KrmxConnectionOptions Connections { get; } = new();

    /// <summary>How dead connections are found.</summary>
    public KrmxPingOptions Pings { get; } = new();

    /// <summary>How rooms are stored, where the application has a store.</summary>
    public KrmxStorageOptions Storage { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<string> Validate() =>
    [
        .. base.Validate(),
        .. Rooms.Validate().Select(static problem => $"{nameof(Rooms)}.{problem}"),
        .. Messages.Validate().Select(static problem => $"{nameof(Messages)}.{problem}"),
        .. Connections.Validate().Select(static problem => $"{nameof(Connections)}.{problem}"),
        .. Pings.Validate().Select(static problem => $"{nameof(Pings)}.{problem}"),
        .. Storage.Validate().Select(static problem => $"{nameof(Storage)}.{problem}"),
    ];
}
