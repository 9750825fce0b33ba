using System.Text.Json;
using System.Text.Json.Nodes;

namespace Krmx.Testing;

/// <summary>Reads a contract's document: what is in its channels, by a name that people understand.</summary>
internal sealed class ContractReader
{
    private readonly JsonObject _document;

    public ContractReader(string document)
    {
        try
        {
            _document = JsonNode.Parse(document) as JsonObject ?? throw new FormatException("The document of a contract is a JSON object.");
            if (_document["asyncapi"]?.GetValue<string>().StartsWith("3.", StringComparison.Ordinal) != true)
                throw new FormatException("The document is not AsyncAPI 3.");
            Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or KeyNotFoundException)
        {
            throw new FormatException($"The document is no contract: {error.Message}", error);
        }
    }

    /// <summary>What clients send: messages, requests and actions, each with the schema of its payload; null where there is none.</summary>
    public Dictionary<string, JsonNode?> Received { get; } = [];

    /// <summary>What clients are sent: messages, answers and views.</summary>
    public Dictionary<string, JsonNode?> Written { get; } = [];

    /// <summary>What everybody computes a state from, and so has to know whole.</summary>
    public Dictionary<string, JsonNode?> Events { get; } = [];

    /// <summary>The channels that have atoms.</summary>
    public HashSet<string> Atoms { get; } = [];

    /// <summary>The schema that a schema refers to, or itself.</summary>
    public JsonNode? Resolve(JsonNode? schema) =>
        schema is JsonObject reference && reference["$ref"]?.GetValue<string>() is string pointer ? Resolve(At(pointer)) : schema;

    private JsonNode? At(string pointer) =>
        pointer.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)_document, static (node, key) => node![key.Replace("~1", "/", StringComparison.Ordinal)]);

    private void Read()
    {
        foreach ((_, JsonNode? operation) in Members(_document["operations"]))
        {
            string address = Resolve(operation!["channel"])!["address"]!.GetValue<string>();
            bool isRead = operation["action"]!.GetValue<string>() == "receive";
            if (operation["reply"] is JsonNode reply)
            {
                AddMessages(operation["messages"]!, Received, name => $"request '{name}' at {address}");
                AddMessages(reply["messages"]!, Written, name => $"answer to '{name}' at {address}");
            }
            else
            {
                AddMessages(operation["messages"]!, isRead ? Received : Written, name => $"message '{name}' at {address}");
            }
        }
        foreach ((_, JsonNode? channel) in Members(_document["channels"]))
        {
            string address = channel!["address"]!.GetValue<string>();
            JsonNode? shared = channel["x-krmx"];
            foreach ((string domain, JsonNode? projection) in Members(shared?["projections"]))
            {
                Written.Add($"view '{domain}' at {address}", projection!["view"]);
                foreach ((string type, JsonNode? payload) in Members(projection["actions"]))
                    Received.Add($"action '{type}' of '{domain}' at {address}", payload);
            }
            foreach ((string domain, JsonNode? stream) in Members(shared?["streams"]))
            {
                foreach ((string type, JsonNode? payload) in Members(stream!["events"]))
                    Events.Add($"event '{type}' of '{domain}' at {address}", payload);
            }
            if (shared?["atoms"]?.GetValue<bool>() == true)
                Atoms.Add($"atoms at {address}");
        }
    }

    private void AddMessages(JsonNode references, Dictionary<string, JsonNode?> to, Func<string, string> label)
    {
        foreach (JsonNode? reference in references.AsArray())
        {
            JsonNode message = Resolve(reference)!;
            to.Add(label(message["name"]!.GetValue<string>()), message["payload"]!["properties"]!["payload"]);
        }
    }

    private static JsonObject Members(JsonNode? node) => node is null ? [] : node.AsObject();
}
