namespace Krmx;

/// <summary>Who may link, and how it is decided; the defaults are the safe ones.</summary>
public sealed class KrmxLinkOptions
{
    /// <summary>Whether a link may create a user. Default: true.</summary>
    /// <remarks>Where a room starts; <see cref="KrmxRoomCore.AcceptsNewUsers"/> changes it while it runs. Protocol section 4.</remarks>
    public bool AcceptsNewUsers { get; set; } = true;

    /// <summary>Which names are usernames. Default: <see cref="Username.IsValid(string?)"/>, protocol section 5.</summary>
    public Func<string, bool> IsValidUsername { get; set; } = Username.IsValid;

    /// <summary>The protocol lines clients may speak; patches do not count. Default: 0.6, 0.5 and 0.4. Protocol section 6.</summary>
    public IReadOnlyList<ProtocolVersion> SupportedVersions { get; set; } = ProtocolVersion.Supported;

    /// <summary>What happens when a client links as a user who is linked already. Default: <see cref="LinkConflict.Challenge"/>.</summary>
    public LinkConflict Conflict { get; set; } = LinkConflict.Challenge;

    /// <summary>
    /// How long a connection that is challenged may be silent until the newcomer has its user. Default: 2 seconds. From 10 ms to 1 minute.
    /// Protocol section 4.
    /// </summary>
    /// <remarks>
    /// Only for <see cref="LinkConflict.Challenge"/>. A client that is busy or behind with reading for longer than this loses its user to the newcomer;
    /// clients wait for the time of the authentication and this until their link is decided, <c>KrmxClient</c> for 30 seconds by default.
    /// </remarks>
    public TimeSpan ChallengeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether authentication comes before any answer that tells of a user, so that strangers cannot find out who exists or is linked: "already
    /// linked" and "server is not accepting new users" are then told to the authenticated only. Default: false. Protocol section 4.
    /// </summary>
    /// <remarks>With <see cref="LinkConflict.Challenge"/> nobody else is told "already linked" in any case.</remarks>
    public bool AuthenticateFirst { get; set; }

    /// <summary>How long an authentication may take. Default: 10 seconds. From 1 ms to 1 day. Protocol section 4.</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many frames of one connection may wait for its link attempt's decision. Default: 32. At least 0. Protocol section 8.</summary>
    public int MaxPendingFrames { get; set; } = 32;

    /// <summary>How many bytes of one connection may wait for its link attempt's decision. Default: 64 KiB. At least 0. Protocol section 8.</summary>
    public int MaxPendingBytes { get; set; } = 64 * 1024;

    internal IEnumerable<string> Validate()
    {
        if (IsValidUsername is null)
            yield return $"{nameof(IsValidUsername)} must not be null.";
        if (SupportedVersions is null or { Count: 0 })
            yield return $"{nameof(SupportedVersions)} must name at least one version.";
        if (Conflict is not (LinkConflict.Reject or LinkConflict.Replace or LinkConflict.Challenge))
            yield return $"{nameof(Conflict)} must be one of its named values, not {Conflict}.";
        if (ChallengeTimeout < TimeSpan.FromMilliseconds(10) || ChallengeTimeout > TimeSpan.FromMinutes(1))
            yield return $"{nameof(ChallengeTimeout)} must be from 10 ms to 1 minute, not {ChallengeTimeout}.";
        if (AuthenticationTimeout < TimeSpan.FromMilliseconds(1) || AuthenticationTimeout > TimeSpan.FromDays(1))
            yield return $"{nameof(AuthenticationTimeout)} must be from 1 ms to 1 day, not {AuthenticationTimeout}.";
        if (MaxPendingFrames < 0)
            yield return $"{nameof(MaxPendingFrames)} must be at least 0, not {MaxPendingFrames}.";
        if (MaxPendingBytes < 0)
            yield return $"{nameof(MaxPendingBytes)} must be at least 0, not {MaxPendingBytes}.";
    }
}
