namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>What a server's application saw or did.</summary>
internal enum Deed
{
    /// <summary>An authentication began: its number, the client that asked, and whether the user is new.</summary>
    Asked,

    /// <summary>An authentication was decided: its number, and whether it was accepted.</summary>
    Decided,
    Joined,

    /// <summary>With the link's number.</summary>
    Linked,

    /// <summary>A user's message: its link and its number in it.</summary>
    Handled,

    /// <summary>A message was sent, with its number: to one user, or to all but one, or to all.</summary>
    Sent,
    Unlinked,
    Left,
}

/// <summary>One thing a server's application saw or did.</summary>
/// <param name="Deed">What.</param>
/// <param name="User">The user it is about; of a message to all, whom it left out, if anybody.</param>
/// <param name="Number">Of the attempt, the link or the message.</param>
/// <param name="Link">Of a handled message, the link it says it was sent in.</param>
/// <param name="Client">Who asked.</param>
/// <param name="IsYes">New, accepted, or to all.</param>
internal readonly record struct ServerEntry(
    Deed Deed, string? User, long Number = 0, long Link = 0, string? Client = null, bool IsYes = false);
