using Krmx.Protocol;

namespace Krmx;

/// <summary>The decision about a link attempt: accepted, or rejected for a reason that the client is told.</summary>
public readonly struct LinkResult : IEquatable<LinkResult>
{
    private readonly string? _reason;
    private readonly bool _accepted;

    private LinkResult(bool accepted, string? reason)
    {
        _accepted = accepted;
        _reason = reason;
    }

    /// <summary>The link may go on.</summary>
    public static LinkResult Accept { get; } = new(true, null);

    /// <summary>Whether the link may go on. False for <c>default</c>: authentication fails closed.</summary>
    public bool IsAccepted => _accepted;

    /// <summary>Why not; null when accepted.</summary>
    public string? Reason => _accepted ? null : _reason ?? Reasons.AuthenticationFailed;

    /// <summary>The link is refused.</summary>
    /// <param name="reason">What the client is told.</param>
    /// <exception cref="ArgumentException">The reason has a lone surrogate, so no frame can hold it.</exception>
    public static LinkResult Reject(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (!FrameWriter.CanHold(reason))
            throw new ArgumentException("The reason must be a text without lone surrogates.", nameof(reason));
        return new LinkResult(false, reason);
    }

    /// <inheritdoc/>
    public bool Equals(LinkResult other) => IsAccepted == other.IsAccepted && Reason == other.Reason;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LinkResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsAccepted, Reason);

    /// <summary>Whether two decisions are the same.</summary>
    public static bool operator ==(LinkResult left, LinkResult right) => left.Equals(right);

    /// <summary>Whether two decisions differ.</summary>
    public static bool operator !=(LinkResult left, LinkResult right) => !left.Equals(right);
}
