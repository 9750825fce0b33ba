namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>One link as the server saw it.</summary>
/// <param name="User">Whose.</param>
/// <param name="Start">Where in the server's history it began.</param>
/// <param name="Users">The users there were then, in join order.</param>
internal sealed record LinkSpan(string User, int Start, IReadOnlyList<ClientUser> Users)
{
    /// <summary>Where it ended; beyond the history where it did not.</summary>
    public int End { get; set; } = int.MaxValue;

    /// <summary>The number of the last message that was handled in it.</summary>
    public long Handled { get; set; }
}
