namespace Krmx;

/// <summary>What happens when a client links as a user who is linked to another connection (protocol section 4, and section 8, item 8).</summary>
public enum LinkConflict
{
    /// <summary>The newcomer is rejected.</summary>
    Reject,

    /// <summary>The newcomer, once authenticated, takes the user over: the other connection is unlinked and stays open.</summary>
    Replace,

    /// <summary>
    /// The other connection, once the newcomer is authenticated, is asked whether it is alive. If it answers, the newcomer is rejected; if it is
    /// silent for <see cref="KrmxLinkOptions.ChallengeTimeout"/>, or ends, the newcomer has the user.
    /// </summary>
    Challenge,
}
