using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>The JSON schemas of a document: each object and enum has a name, under which others refer to it.</summary>
internal sealed class ContractSchemas
{
    private readonly Dictionary<Type, string> _names = [];

    /// <summary>The named ones.</summary>
    public JsonObject Named { get; } = [];

    /// <summary>
    /// Gives the schema of a type: of what is read, where a member may be absent that its constructor has a default for; or of what is written, where every
    /// member is there. Whichever is asked for first holds for a type that is both, so what is read comes first.
    /// </summary>
    public JsonNode Of(JsonTypeInfo type, bool isRead) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) => Transform(context, schema, isRead),
    });

    private JsonNode Transform(in JsonSchemaExporterContext context, JsonNode node, bool isRead)
    {
        if (node is not JsonObject schema)
            return node;
        // The exporter refers to what it has written before: of a type that is part of itself, say. It does not tell whether that may be null.
        bool isReference = schema.ContainsKey("$ref");
        bool isNullable = isReference ? context.PropertyInfo?.IsGetNullable == true : TakeNull(schema);
        LeaveNumbersAsNumbers(schema);
        schema.Remove("default", out JsonNode? byDefault);
        JsonNode result = isReference ? Outline(context.TypeInfo, isRead) : IsNamed(context.TypeInfo) ? Refer(context.TypeInfo, schema, isRead) : schema;
        if (byDefault is not null)
            result["default"] = byDefault;
        if (context.PropertyInfo?.AttributeProvider is ICustomAttributeProvider member && Description(member) is string description)
            result["description"] = description;
        return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(result, new JsonObject { ["type"] = "null" }) } : result;
    }

    private JsonObject Refer(JsonTypeInfo info, JsonObject schema, bool isRead)
    {
        string name = NameFor(info);
        if (Named[name] is null)
        {
            if (info.Kind == JsonTypeInfoKind.Object)
                SetRequired(info, schema, isRead);
            else
                schema["type"] = "string";
            if (Description(info.Type) is string description)
                schema["description"] = description;
            Named[name] = schema;
        }
        return Reference(name);
    }

    /// <summary>The schema of a type that will have its name later, or of a collection of such.</summary>
    private JsonNode Outline(JsonTypeInfo info, bool isRead) => info.Kind switch
    {
        JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Outline(info.Options.GetTypeInfo(info.ElementType!), isRead) },
        JsonTypeInfoKind.Dictionary =>
            new JsonObject { ["type"] = "object", ["additionalProperties"] = Outline(info.Options.GetTypeInfo(info.ElementType!), isRead) },
        _ => IsNamed(info) ? Reference(NameFor(info)) : Of(info, isRead),
    };

    private string NameFor(JsonTypeInfo info)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (!_names.TryGetValue(type, out string? name))
        {
            _names.Add(type, name = FreeName(NameOf(type)));
            Named.Add(name, null);
        }
        return name;
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static bool IsNamed(JsonTypeInfo info) =>
        info.Kind == JsonTypeInfoKind.Object || (Nullable.GetUnderlyingType(info.Type) ?? info.Type).IsEnum;

    private string FreeName(string name)
    {
        string free = name;
        for (int i = 2; Named.ContainsKey(free); i++)
            free = $"{name}{i}";
        return free;
    }

    private static string NameOf(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}" : name;
    }

    private static void SetRequired(JsonTypeInfo info, JsonObject schema, bool isRead)
    {
        string[] required = [.. info.Properties.Where(property => isRead ? MustBeRead(property) : IsAlwaysWritten(property)).Select(static property => property.Name)];
        schema.Remove("required");
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(static name => JsonValue.Create(name))]);
    }

    private static bool MustBeRead(JsonPropertyInfo property) => property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        property.Get is not null
        && property.ShouldSerialize is null
        && property.Options.DefaultIgnoreCondition == JsonIgnoreCondition.Never
        && (property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true).OfType<JsonIgnoreAttribute>()
            .All(static ignore => ignore.Condition == JsonIgnoreCondition.Never) ?? true);

    /// <summary>Takes null out of a schema; says whether it was in it.</summary>
    private static bool TakeNull(JsonObject schema)
    {
        bool isNullable = false;
        foreach (string list in (string[])["type", "enum"])
        {
            if (schema[list] is not JsonArray values)
                continue;
            isNullable |= values.RemoveAll(static value => value is null || (value.GetValueKind() == System.Text.Json.JsonValueKind.String && value.GetValue<string>() == "null")) > 0;
            if (list == "type" && values.Count == 1)
                schema[list] = values[0]!.DeepClone();
        }
        return isNullable;
    }

    /// <summary>Numbers are written as numbers, though texts of them are read as well.</summary>
    private static void LeaveNumbersAsNumbers(JsonObject schema)
    {
        if (schema["type"] is not JsonArray types || types.FirstOrDefault(static type => type!.GetValue<string>() is "integer" or "number") is not JsonNode number)
            return;
        schema["type"] = number.DeepClone();
        schema.Remove("pattern");
    }

    private static string? Description(ICustomAttributeProvider member) =>
        member.GetCustomAttributes(typeof(DescriptionAttribute), true).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;
}
