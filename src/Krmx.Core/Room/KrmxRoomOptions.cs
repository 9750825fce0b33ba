using System.Text.Json;

namespace Krmx;

/// <summary>What a server allows; the defaults are the safe ones.</summary>
public class KrmxRoomOptions
{
    /// <summary>Whether a link may create a user. Default: true.</summary>
    /// <remarks>Where a server starts; <see cref="KrmxRoomCore.AcceptsNewUsers"/> changes it while it runs. Protocol section 4.</remarks>
    public bool AcceptsNewUsers { get; set; } = true;

    /// <summary>Which names are usernames. Default: <see cref="Username.IsValid(string?)"/>, protocol section 5.</summary>
    public Func<string, bool> IsValidUsername { get; set; } = Username.IsValid;

    /// <summary>The protocol lines clients may speak; patches do not count. Default: 0.6, 0.5 and 0.4. Protocol section 6.</summary>
    public IReadOnlyList<ProtocolVersion> SupportedVersions { get; set; } = ProtocolVersion.Supported;

    /// <summary>What happens when a client links as a user who is linked already. Default: <see cref="LinkConflict.Reject"/>.</summary>
    public LinkConflict LinkConflict { get; set; } = LinkConflict.Reject;

    /// <summary>
    /// Whether authentication comes before any answer that tells of a user, so that strangers cannot find out who exists or is linked: "already
    /// linked" and "server is not accepting new users" are then told to the authenticated only. Default: false. Protocol section 4.
    /// </summary>
    public bool AuthenticateFirst { get; set; }

    /// <summary>How long an authentication may take. Default: 10 seconds. From 1 ms to 1 day. Protocol section 4.</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many frames of one connection may wait for its link attempt's decision. Default: 32. At least 0. Protocol section 8.</summary>
    public int MaxPendingFrames { get; set; } = 32;

    /// <summary>How many bytes of one connection may wait for its link attempt's decision. Default: 64 KiB. At least 0. Protocol section 8.</summary>
    public int MaxPendingBytes { get; set; } = 64 * 1024;

    /// <summary>How payloads of typed messages are read and written. Default: <see cref="KrmxJson.Options"/>.</summary>
    public JsonSerializerOptions Json { get; set; } = KrmxJson.Options;

    /// <summary>Finds what is wrong with the options.</summary>
    /// <returns>A sentence for each problem, naming the option; empty when all is well.</returns>
    public virtual IEnumerable<string> Validate()
    {
        if (IsValidUsername is null)
            yield return $"{nameof(IsValidUsername)} must not be null.";
        if (SupportedVersions is null or { Count: 0 })
            yield return $"{nameof(SupportedVersions)} must name at least one version.";
        if (LinkConflict is not (LinkConflict.Reject or LinkConflict.Replace))
            yield return $"{nameof(LinkConflict)} must be one of its named values, not {LinkConflict}.";
        if (AuthenticationTimeout < TimeSpan.FromMilliseconds(1) || AuthenticationTimeout > TimeSpan.FromDays(1))
            yield return $"{nameof(AuthenticationTimeout)} must be from 1 ms to 1 day, not {AuthenticationTimeout}.";
        if (MaxPendingFrames < 0)
            yield return $"{nameof(MaxPendingFrames)} must be at least 0, not {MaxPendingFrames}.";
        if (MaxPendingBytes < 0)
            yield return $"{nameof(MaxPendingBytes)} must be at least 0, not {MaxPendingBytes}.";
        if (Json is null)
            yield return $"{nameof(Json)} must not be null.";
    }
}
