using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>A request: its type, what it is made with, and what it is answered with.</summary>
public sealed class ContractRequest
{
    internal ContractRequest(string type, JsonTypeInfo? payload, JsonTypeInfo answer)
    {
        Type = type;
        Payload = payload;
        Answer = answer;
    }

    /// <summary>The type.</summary>
    public string Type { get; }

    /// <summary>What the payload is, and how it is read; null where any payload will do, and none.</summary>
    public JsonTypeInfo? Payload { get; }

    /// <summary>What the answer is, and how it is written.</summary>
    public JsonTypeInfo Answer { get; }
}
