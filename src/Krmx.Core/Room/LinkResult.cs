using System.Security.Claims;
using System.Text.Json;
using Krmx.Protocol;

namespace Krmx;

/// <summary>The decision about a link attempt: accepted, or rejected for a reason that the client is told.</summary>
public readonly struct LinkResult : IEquatable<LinkResult>
{
    private readonly string? _reason;
    private readonly bool _accepted;

    private LinkResult(bool accepted, string? reason, ClaimsPrincipal? principal = null, KrmxMeta? meta = null)
    {
        _accepted = accepted;
        _reason = reason;
        Principal = principal;
        Meta = meta;
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

    /// <summary>What everybody may know of the user from the link on; null where that stays as it is.</summary>
    public KrmxMeta? Meta { get; }

    /// <summary>The same decision, after which everybody may know something of the user beside its name: <see cref="KrmxUser.Meta"/>. Protocol section 10.</summary>
    /// <param name="meta">The metadata. They replace what there was.</param>
    /// <exception cref="InvalidOperationException">The link is refused, so no user has the metadata.</exception>
    public LinkResult WithMeta(KrmxMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        if (!IsAccepted)
            throw new InvalidOperationException("A link that is refused gives nobody metadata.");
        return new LinkResult(true, null, Principal, meta);
    }

    /// <summary>The same decision, after which everybody may know something of the user beside its name: <see cref="KrmxUser.Meta"/>. Protocol section 10.</summary>
    /// <param name="meta">The metadata, up to 1,024 bytes of JSON. They replace what there was.</param>
    /// <param name="options">How to serialize them. Default: <see cref="KrmxJson.Options"/>.</param>
    /// <exception cref="ArgumentException">Its JSON is longer.</exception>
    /// <inheritdoc cref="WithMeta(KrmxMeta)"/>
    public LinkResult WithMeta<T>(T meta, JsonSerializerOptions? options = null)
        where T : notnull => WithMeta(KrmxMeta.Create(meta, options)!);

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
    public bool Equals(LinkResult other) => IsAccepted == other.IsAccepted && Reason == other.Reason && Principal == other.Principal && Equals(Meta, other.Meta);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LinkResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsAccepted, Reason, Principal, Meta);

    /// <summary>Whether two decisions are the same.</summary>
    public static bool operator ==(LinkResult left, LinkResult right) => left.Equals(right);

    /// <summary>Whether two decisions differ.</summary>
    public static bool operator !=(LinkResult left, LinkResult right) => !left.Equals(right);
}
