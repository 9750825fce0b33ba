using System.Security.Claims;
using Krmx.Protocol;

namespace Krmx;

/// <summary>The decision about a link attempt: accepted, or rejected for a reason that the client is told.</summary>
public readonly struct LinkResult : IEquatable<LinkResult>
{
    private readonly string? _reason;
    private readonly bool _accepted;

    private LinkResult(bool accepted, string? reason, ClaimsPrincipal? principal = null)
    {
        _accepted = accepted;
        _reason = reason;
        Principal = principal;
    }

    /// <summary>The link may go on.</summary>
    public static LinkResult Accept { get; } = new(true, null);

    /// <summary>Whether the link may go on. False for <c>default</c>: authentication fails closed.</summary>
    public bool IsAccepted => _accepted;

    /// <summary>Why not; null when accepted.</summary>
    public string? Reason => _accepted ? null : _reason ?? Reasons.AuthenticationFailed;

    /// <summary>Who authentication found the client to be; null where it says nothing of that.</summary>
    public ClaimsPrincipal? Principal { get; }

    /// <summary>The link may go on, and the client is known to be somebody: <see cref="KrmxUser.Principal"/> says who, from then on.</summary>
    /// <param name="principal">Who the client is, such as what its token says.</param>
    public static LinkResult AcceptAs(ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return new LinkResult(true, null, principal);
    }

    /// <summary>The link is refused.</summary>
    /// <param name="reason">What the client is told.</param>
    /// <exception cref="ArgumentException">The reason has a lone surrogate, so no frame can hold it.</exception>
    public static LinkResult Reject(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (!Utf16.IsWellFormed(reason))
            throw new ArgumentException("The reason must be a text without lone surrogates.", nameof(reason));
        return new LinkResult(false, reason);
    }

    /// <inheritdoc/>
    public bool Equals(LinkResult other) => IsAccepted == other.IsAccepted && Reason == other.Reason && Principal == other.Principal;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LinkResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsAccepted, Reason, Principal);

    /// <summary>Whether two decisions are the same.</summary>
    public static bool operator ==(LinkResult left, LinkResult right) => left.Equals(right);

    /// <summary>Whether two decisions differ.</summary>
    public static bool operator !=(LinkResult left, LinkResult right) => !left.Equals(right);
}
