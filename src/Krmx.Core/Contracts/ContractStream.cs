namespace Krmx.Contracts;

/// <summary>A stream: its events, which everybody folds into a state of their own.</summary>
public sealed class ContractStream
{
    private readonly Func<IEnumerable<ContractMessage>> _events;

    internal ContractStream(string domain, Func<IEnumerable<ContractMessage>> events)
    {
        Domain = domain;
        _events = events;
    }

    /// <summary>The stream's name.</summary>
    public string Domain { get; }

    /// <summary>The events that users can add, and are told of.</summary>
    public IEnumerable<ContractMessage> Events => _events();
}
