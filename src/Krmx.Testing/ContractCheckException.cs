namespace Krmx.Testing;

/// <summary>What a <see cref="ContractCheck"/> found; the message tells all of it, and what to do.</summary>
public sealed class ContractCheckException : Exception
{
    internal ContractCheckException(string message, IReadOnlyList<string> breakingChanges)
        : base(message) => BreakingChanges = breakingChanges;

    /// <summary>What clients that were made from the committed contract would stumble over; empty where the document is merely out of date.</summary>
    public IReadOnlyList<string> BreakingChanges { get; }
}
