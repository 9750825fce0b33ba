namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>What a history violates, each with the invariant's name in front.</summary>
internal sealed class Violations
{
    private const int Enough = 50;

    private readonly List<string> _found = [];

    public IReadOnlyList<string> Found => _found;

    public void Add(string invariant, string what)
    {
        if (_found.Count < Enough)
            _found.Add($"{invariant}: {what}");
    }
}
