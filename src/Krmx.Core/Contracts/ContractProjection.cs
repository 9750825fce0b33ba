using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>A projection: what its users see, and what they can do to it.</summary>
public sealed class ContractProjection
{
    private readonly Func<IEnumerable<ContractMessage>> _actions;

    internal ContractProjection(string domain, JsonTypeInfo view, Func<IEnumerable<ContractMessage>> actions)
    {
        Domain = domain;
        View = view;
        _actions = actions;
    }

    /// <summary>The projection's name.</summary>
    public string Domain { get; }

    /// <summary>What a user sees, and how it is written.</summary>
    public JsonTypeInfo View { get; }

    /// <summary>What users can do.</summary>
    public IEnumerable<ContractMessage> Actions => _actions();
}
