namespace Krmx;

/// <summary>What happens when a client links as a user who is linked to another connection (protocol section 8, item 8).</summary>
public enum LinkConflict
{
    /// <summary>The newcomer is rejected.</summary>
    Reject,

    /// <summary>The newcomer, once authenticated, takes the user over: the other connection is unlinked and stays open.</summary>
    Replace,
}
