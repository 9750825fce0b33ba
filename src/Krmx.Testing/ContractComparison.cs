using System.Text.Json.Nodes;

namespace Krmx.Testing;

/// <summary>Finds what clients that were made from one contract would stumble over with another one.</summary>
internal sealed class ContractComparison(ContractReader before, ContractReader now)
{
    private readonly List<string> _found = [];
    private readonly HashSet<(JsonNode Wide, JsonNode Narrow)> _underWay = [];

    public IReadOnlyList<string> FindBreakingChanges()
    {
        foreach ((string name, JsonNode? schema) in before.Received)
            Compare(name, "is not understood any more", schema, now.Received, CompareRead);
        foreach ((string name, JsonNode? schema) in before.Written)
            Compare(name, "is not sent any more", schema, now.Written, CompareWritten);
        foreach ((string name, JsonNode? schema) in before.Events)
        {
            Compare(name, "is not understood any more", schema, now.Events, (name, was, isNow) =>
            {
                CompareRead(name, was, isNow);
                CompareWritten(name, was, isNow);
            });
        }
        _found.AddRange(now.Events.Keys.Except(before.Events.Keys).Select(static name => $"{name} is new, so the state of older clients would lack it"));
        _found.AddRange(before.Atoms.Except(now.Atoms).Select(static name => $"{name} are not shared any more"));
        return [.. _found.Distinct()];
    }

    private void Compare(string name, string gone, JsonNode? was, Dictionary<string, JsonNode?> all, Action<string, JsonNode?, JsonNode?> compare)
    {
        if (all.TryGetValue(name, out JsonNode? isNow))
            compare(name, was, isNow);
        else
            _found.Add($"{name} {gone}");
    }

    /// <summary>What older clients send must be understood.</summary>
    private void CompareRead(string name, JsonNode? was, JsonNode? isNow) => _found.AddRange(
        Differences(new Sides(now, before, static (path, what) => $"{path} {what} no more", static path => $"{path} must be there now", true), name, isNow, was));

    /// <summary>What they are sent must be what they know.</summary>
    private void CompareWritten(string name, JsonNode? was, JsonNode? isNow) => _found.AddRange(
        Differences(new Sides(before, now, static (path, what) => $"{path} {what} now", static path => $"{path} may be absent now", false), name, was, isNow));

    /// <summary>Says what one schema allows and another one does not.</summary>
    private List<string> Differences(Sides sides, string path, JsonNode? wide, JsonNode? narrow)
    {
        var differences = new List<string>();
        foreach (JsonNode? alternative in Alternatives(sides.Narrow.Resolve(narrow)).Select(sides.Narrow.Resolve))
        {
            JsonNode?[] candidates = [.. Alternatives(sides.Wide.Resolve(wide)).Select(sides.Wide.Resolve)];
            (JsonNode? Candidate, List<string> Differences)[] tried =
                [.. candidates.Select(candidate => (candidate, DifferencesOfOne(sides, path, candidate, alternative)))];
            if (tried.Any(static one => one.Differences.Count == 0))
                continue;

            // Of several that do not fit, one of the same type is meant.
            List<string>[] meant = [.. tried.Where(one => TypeOf(one.Candidate) == TypeOf(alternative)).Select(static one => one.Differences)];
            differences.AddRange(meant.Length == 1 ? meant[0] : [sides.Tell(path, $"can be {TypeOf(alternative)}")]);
        }
        return differences;
    }

    private List<string> DifferencesOfOne(Sides sides, string path, JsonNode? wide, JsonNode? narrow)
    {
        string type = TypeOf(narrow);
        string allowed = TypeOf(wide);
        if (allowed == "anything")
            return [];
        if (allowed != type && (allowed, type) != ("number", "integer"))
            return [sides.Tell(path, $"can be {type}")];

        // A type that is part of itself is no other one further in.
        if (wide is not JsonObject wider || narrow is not JsonObject narrower || !_underWay.Add((wide, narrow)))
            return [];
        var differences = new List<string>();
        if (Values(wider) is { } values)
            differences.AddRange((Values(narrower)?.Except(values) ?? ["anything else"]).Select(value => sides.Tell(path, $"can be {value}")));
        if (wider["format"] is JsonNode format && !JsonNode.DeepEquals(format, narrower["format"]))
            differences.Add(sides.Tell(path, "can be any text"));
        differences.AddRange(Names(wider["required"]).Except(Names(narrower["required"])).Select(name => sides.TellMissing($"{path}.{name}")));
        if (wider["items"] is JsonNode items)
            differences.AddRange(Differences(sides, $"{path}[]", items, narrower["items"]));
        bool isDictionary = wider["additionalProperties"] is JsonObject;
        if (isDictionary != narrower["additionalProperties"] is JsonObject)
            differences.Add(sides.Tell(path, isDictionary ? "can have members of fixed names" : "can have members of any name"));
        else if (isDictionary)
            differences.AddRange(Differences(sides, $"{path}.*", wider["additionalProperties"], narrower["additionalProperties"]));
        if (sides.IsRead)
        {
            differences.AddRange(((narrower["properties"] as JsonObject) ?? []).Where(member => wider["properties"]?[member.Key] is null)
                .Select(member => $"{path}.{member.Key} is not read any more"));
        }
        foreach ((string name, JsonNode? member) in wider["properties"] as JsonObject ?? [])
        {
            if (narrower["properties"]?[name] is JsonNode same)
                differences.AddRange(Differences(sides, $"{path}.{name}", member, same));
        }
        _underWay.Remove((wide, narrow));
        return differences;
    }

    private static JsonNode?[] Alternatives(JsonNode? schema) => schema is JsonObject several && several["anyOf"] is JsonArray alternatives ? [.. alternatives] : [schema];

    /// <summary>What JSON a schema allows, as people say it.</summary>
    private static string TypeOf(JsonNode? schema) => schema switch
    {
        JsonObject s when s["type"] is JsonValue type => type.GetValue<string>(),
        JsonObject s when s["type"] is JsonArray types => string.Join(" or ", types.Select(static type => type!.GetValue<string>())),
        JsonObject s when s["const"] is JsonValue value => value.GetValueKind().ToString().ToLowerInvariant(),
        JsonValue value when !value.GetValue<bool>() => "nothing",
        _ => "anything",
    };

    private static HashSet<string>? Values(JsonObject schema) =>
        schema["enum"] is JsonArray values ? [.. values.Select(static value => value?.ToJsonString() ?? "null")]
        : schema.TryGetPropertyValue("const", out JsonNode? value) ? [value?.ToJsonString() ?? "null"]
        : null;

    private static HashSet<string> Names(JsonNode? list) => list is JsonArray names ? [.. names.Select(static name => name!.GetValue<string>())] : [];

    /// <summary>
    /// Which of two documents has to allow what the other one does, how it is told where it does not, and whether it is about what the server reads.
    /// </summary>
    private sealed record Sides(ContractReader Wide, ContractReader Narrow, Func<string, string, string> Tell, Func<string, string> TellMissing, bool IsRead);
}
