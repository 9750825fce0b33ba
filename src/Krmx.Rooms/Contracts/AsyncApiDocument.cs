using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>
/// Contracts as one AsyncAPI 3 document, in which each route is a channel. Its messages and requests are those of the protocol, whole frames; what it
/// shares stands in the member <c>x-krmx</c> of the channel.
/// </summary>
internal sealed class AsyncApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ContractSchemas _schemas = new();
    private readonly JsonObject _channels = [];
    private readonly JsonObject _operations = [];
    private readonly JsonObject _document;

    /// <param name="title">What the application is called.</param>
    /// <param name="contracts">What the rooms of each route listen to, send and share.</param>
    /// <exception cref="KrmxException">A room reads or sends messages of one type as two things.</exception>
    public AsyncApiDocument(string title, params IReadOnlyCollection<(string Address, KrmxContract Contract)> contracts)
    {
        // What is written has the plain names.
        foreach ((_, KrmxContract contract) in contracts)
        {
            foreach (JsonTypeInfo type in contract.Sent.Select(static message => message.Payload!).Concat(contract.Requests.Select(static request => request.Answer))
                .Concat(contract.Projections.Select(static projection => projection.View)))
                _schemas.Of(type, isRead: false);
        }
        foreach ((string address, KrmxContract contract) in contracts)
            AddChannel(address, contract);
        _document = new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = title, ["version"] = "1.0.0" },
            ["defaultContentType"] = "application/json",
            ["channels"] = _channels,
            ["operations"] = _operations,
            ["components"] = new JsonObject { ["schemas"] = _schemas.Named },
        };
    }

    public override string ToString() => _document.ToJsonString(Indented) + "\n";

    private void AddChannel(string address, KrmxContract contract)
    {
        string channel = FreeKey(_channels, address.Trim('/'));
        var messages = new JsonObject();
        var parameters = new JsonObject(address.Split('{', '}').Where(static (_, i) => i % 2 == 1)
            .Select(static name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject { ["description"] = "Part of the room's name." })));
        _channels.Add(channel, new JsonObject
        {
            ["address"] = address,
            ["parameters"] = parameters,
            ["messages"] = messages,
            ["x-krmx"] = Shared(contract),
        });
        AddOperation(channel, "receive", One(contract.Received).Select(message => Add(channel, messages, message, isRead: true)));
        AddOperation(channel, "send", One(contract.Sent).Select(message => Add(channel, messages, message, isRead: false)));
        foreach (ContractRequest request in contract.Requests)
            AddRequest(channel, messages, request);
    }

    /// <summary>Messages of one type have one payload: otherwise no client could send one that is right.</summary>
    private static IEnumerable<ContractMessage> One(IReadOnlyList<ContractMessage> messages)
    {
        foreach (IGrouping<string, ContractMessage> same in messages.GroupBy(static message => message.Type))
        {
            yield return same.Count() == 1 ? same.First() : throw new KrmxException(
                $"cannot describe messages of type '{same.Key}': their payload is {string.Join(" and ", same.Select(static message => message.Payload!.Type.Name))}; give each a type of its own");
        }
    }

    private void AddOperation(string channel, string action, IEnumerable<JsonNode> messages)
    {
        JsonNode[] references = [.. messages];
        if (references.Length == 0)
            return;
        _operations.Add($"{channel}.{action}", new JsonObject
        {
            ["action"] = action,
            ["channel"] = Reference("channels", channel),
            ["messages"] = new JsonArray(references),
        });
    }

    private JsonObject Add(string channel, JsonObject messages, ContractMessage message, bool isRead)
    {
        JsonObject frame = Frame(message.Type, _schemas.Of(message.Payload!, isRead));

        // One that is sent and listened to is the same, or there are two.
        string? same = messages.FirstOrDefault(
            known => (string?)known.Value!["name"] == message.Type && JsonNode.DeepEquals(known.Value["payload"], frame)).Key;
        return same is null ? Add(channel, messages, message.Type, message.Type, frame) : Reference("channels", channel, "messages", same);
    }

    private static JsonObject Add(string channel, JsonObject messages, string key, string name, JsonObject frame)
    {
        key = FreeKey(messages, key);
        messages.Add(key, new JsonObject { ["name"] = name, ["payload"] = frame });
        return Reference("channels", channel, "messages", key);
    }

    private void AddRequest(string channel, JsonObject messages, ContractRequest request)
    {
        JsonObject ask = Frame("request/ask", Members(("id", new JsonObject { ["type"] = "string" }), ("type", new JsonObject { ["const"] = request.Type }), ("payload", request.Payload is null ? null : _schemas.Of(request.Payload, isRead: true))));
        JsonObject answer = Frame("request/answer", Members(("id", new JsonObject { ["type"] = "string" }), ("payload", _schemas.Of(request.Answer, isRead: false))));
        _operations.Add(FreeKey(_operations, $"{channel}.request.{request.Type}"), new JsonObject
        {
            ["action"] = "receive",
            ["channel"] = Reference("channels", channel),
            ["messages"] = new JsonArray(Add(channel, messages, $"{request.Type}.request", request.Type, ask)),
            ["reply"] = new JsonObject
            {
                ["channel"] = Reference("channels", channel),
                ["messages"] = new JsonArray(Add(channel, messages, $"{request.Type}.answer", request.Type, answer)),
            },
        });
    }

    private JsonObject Shared(KrmxContract contract) => new()
    {
        ["projections"] = new JsonObject(contract.Projections.Select(projection => KeyValuePair.Create<string, JsonNode?>(projection.Domain, new JsonObject
        {
            ["view"] = _schemas.Of(projection.View, isRead: false),
            ["actions"] = Payloads(projection.Actions),
        }))),
        ["streams"] = new JsonObject(contract.Streams.Select(stream => KeyValuePair.Create<string, JsonNode?>(stream.Domain, new JsonObject
        {
            ["events"] = Payloads(stream.Events),
        }))),
        ["atoms"] = contract.HasAtoms,
    };

    /// <summary>The schema of each payload by type; <c>false</c> where there is none.</summary>
    private JsonObject Payloads(IEnumerable<ContractMessage> messages) => new(messages.Select(
        message => KeyValuePair.Create<string, JsonNode?>(message.Type, message.Payload is null ? JsonValue.Create(false) : _schemas.Of(message.Payload, isRead: true))));

    private static JsonObject Frame(string type, JsonNode payload) => Members(("type", new JsonObject { ["const"] = type }), ("payload", payload));

    private static JsonObject Members(params (string Name, JsonNode? Schema)[] members)
    {
        (string Name, JsonNode? Schema)[] there = [.. members.Where(static member => member.Schema is not null)];
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(there.Select(static member => KeyValuePair.Create(member.Name, member.Schema))),
            ["required"] = new JsonArray([.. there.Select(static member => JsonValue.Create(member.Name))]),
        };
    }

    private static JsonObject Reference(params string[] path) => new() { ["$ref"] = $"#/{string.Join('/', path)}" };

    /// <summary>A name as the keys of a document may be, of letters, digits and few signs, that no other one has.</summary>
    private static string FreeKey(JsonObject others, string name)
    {
        string key = string.Concat(name.Where(static c => c is not ('{' or '}')).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '.'));
        if (key.Length == 0)
            key = "root";
        string free = key;
        for (int i = 2; others.ContainsKey(free); i++)
            free = $"{key}.{i}";
        return free;
    }
}
