using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>A message, an action or an event: its type, and what its payload is.</summary>
public sealed class ContractMessage
{
    internal ContractMessage(string type, JsonTypeInfo? payload)
    {
        Type = type;
        Payload = payload;
    }

    /// <summary>The type.</summary>
    public string Type { get; }

    /// <summary>What the payload is, and how it is read and written; null for an action that takes none.</summary>
    public JsonTypeInfo? Payload { get; }
}
