namespace Krmx.Client;

/// <summary>A link that was asked for and is not decided.</summary>
internal sealed class PendingLink(string username, string? auth, bool retriesConflict)
{
    public string Username { get; } = username;

    public string? Auth { get; } = auth;

    public bool RetriesConflict { get; } = retriesConflict;

    /// <summary>Whether the server has accepted; the users come next, and with the own one among them the link is made.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>Whether another version has been tried already.</summary>
    public bool HasFallenBack { get; set; }
}
