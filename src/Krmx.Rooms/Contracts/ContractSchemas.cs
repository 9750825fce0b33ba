using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>
/// The JSON schemas of a document: each object and enum has a name, under which others refer to it. Of what is read, a member may be absent that its constructor
/// has a default for; of what is written, every member is there. A type that is not the same both ways has two names.
/// </summary>
internal sealed class ContractSchemas
{
    private const int MaxNesting = 32; // of collections, right in one another

    private readonly Dictionary<Key, string> _names = [];
    private readonly Dictionary<Key, string> _otherNames = [];

    /// <summary>The named ones.</summary>
    public JsonObject Named { get; } = [];

    /// <summary>Gives the schema of a type. What is written comes first, so that it has the plain name.</summary>
    public JsonNode Of(JsonTypeInfo type, bool isRead) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) => Transform(context, schema, isRead),
    });

    private JsonNode Transform(in JsonSchemaExporterContext context, JsonNode node, bool isRead)
    {
        if (node is not JsonObject schema)
            return node;
        JsonTypeInfo info = Underlying(context.TypeInfo);

        // The exporter refers to what it has written before: of a type that is part of itself, say. It does not tell whether that may be null.
        bool isReference = schema.ContainsKey("$ref");
        bool isNullable = isReference ? context.PropertyInfo?.IsGetNullable == true : TakeNull(schema);
        SetNumber(schema, context);
        schema.Remove("default", out JsonNode? byDefault);
        JsonNode result = schema;
        if (isReference)
            result = Outline(info, isRead, 0);
        else if (info.PolymorphismOptions is not null && context.BaseTypeInfo is null)
            result = Refer(new Key(info.Type, null), new JsonObject { ["anyOf"] = schema["anyOf"]!.DeepClone() }, isRead);
        else if (info.Kind == JsonTypeInfoKind.Object)
            result = Refer(new Key(info.Type, context.BaseTypeInfo?.Type), Complete(info, schema, context.BaseTypeInfo, isRead), isRead);
        else if (info.Type.IsEnum && schema.ContainsKey("enum"))
            result = Refer(new Key(info.Type, null), Complete(info, schema), isRead);
        if (byDefault is not null)
            result["default"] = byDefault;
        if (Description(context.PropertyInfo) is string description)
            result["description"] = description;

        // What is read is never null as a whole: that would be refused.
        return isNullable && !(isRead && context.Path.IsEmpty) ? new JsonObject { ["anyOf"] = new JsonArray(result, new JsonObject { ["type"] = "null" }) } : result;
    }

    private JsonObject Refer(Key type, JsonObject schema, bool isRead)
    {
        string name = NameFor(type);
        if (Named[name] is null)
        {
            Named[name] = schema;
        }
        else if (!JsonNode.DeepEquals(Named[name], schema))
        {
            // The other way, it is another one.
            if (!_otherNames.TryGetValue(type, out string? other))
                _otherNames.Add(type, other = FreeName(name + (isRead ? "Input" : "Output")));
            Named[other] = schema;
            name = other;
        }
        return Reference(name);
    }

    /// <summary>The schema of a type that will have its name later, or of a collection of such.</summary>
    private JsonNode Outline(JsonTypeInfo info, bool isRead, int depth)
    {
        if (depth == MaxNesting)
            throw new KrmxException($"cannot describe {info.Type}: it is a collection of itself");
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Outline(Element(info), isRead, depth + 1) },
            JsonTypeInfoKind.Dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = Outline(Element(info), isRead, depth + 1) },
            JsonTypeInfoKind.Object => Reference(NameFor(new Key(info.Type, null))),
            _ => Of(info, isRead),
        };
    }

    private string NameFor(Key type)
    {
        if (!_names.TryGetValue(type, out string? name))
        {
            _names.Add(type, name = FreeName(NameOf(type.Type) + (type.Base == type.Type ? "Base" : "")));
            Named.Add(name, null);
        }
        return name;
    }

    private string FreeName(string name)
    {
        string free = name;
        for (int i = 2; Named.ContainsKey(free); i++)
            free = $"{name}{i}";
        return free;
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonTypeInfo Element(JsonTypeInfo info) => Underlying(info.Options.GetTypeInfo(info.ElementType!));

    private static JsonTypeInfo Underlying(JsonTypeInfo info) => Nullable.GetUnderlyingType(info.Type) is Type type ? info.Options.GetTypeInfo(type) : info;

    private static string NameOf(Type type)
    {
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}Array";
        string name = string.Concat(type.Name.Split('`')[0].Where(char.IsAsciiLetterOrDigit));
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            name = $"Type{name}";
        return type.IsGenericType ? $"{name}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}" : name;
    }

    private static JsonObject Complete(JsonTypeInfo info, JsonObject schema)
    {
        schema["type"] ??= "string";
        if (info.Type.GetCustomAttribute<DescriptionAttribute>()?.Description is string description)
            schema["description"] = description;
        return schema;
    }

    private static JsonObject Complete(JsonTypeInfo info, JsonObject schema, JsonTypeInfo? baseInfo, bool isRead)
    {
        schema["type"] = "object";
        List<string> required = [.. info.Properties.Where(property => isRead ? MustBeRead(property) : IsAlwaysWritten(property)).Select(static property => property.Name)];

        // By this the types that derive from one are told apart.
        if (baseInfo?.PolymorphismOptions?.TypeDiscriminatorPropertyName is string discriminator && schema["properties"]?[discriminator] is not null)
            required.Insert(0, discriminator);
        schema.Remove("required");
        if (required.Count > 0)
            schema["required"] = new JsonArray([.. required.Select(static name => JsonValue.Create(name))]);
        return Complete(info, schema);
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
        bool isNullable = schema["enum"] is JsonArray values && values.RemoveAll(static value => value is null) > 0;
        if (schema["type"] is JsonArray types)
        {
            isNullable |= types.RemoveAll(static type => type!.GetValue<string>() == "null") > 0;
            if (types.Count == 1)
                schema["type"] = types[0]!.DeepClone();
        }
        return isNullable;
    }

    /// <summary>Numbers are written as numbers, though texts of them are read as well; or they are written as texts.</summary>
    private static void SetNumber(JsonObject schema, in JsonSchemaExporterContext context)
    {
        if (schema["type"] is not JsonArray types || types.FirstOrDefault(static type => type!.GetValue<string>() is "integer" or "number") is not JsonNode number)
            return;
        JsonNumberHandling handling = context.PropertyInfo?.NumberHandling ?? context.TypeInfo.NumberHandling ?? context.TypeInfo.Options.NumberHandling;
        schema["type"] = handling.HasFlag(JsonNumberHandling.WriteAsString) ? "string" : number.DeepClone();
        schema.Remove("pattern");
    }

    private static string? Description(JsonPropertyInfo? property) =>
        new[] { property?.AttributeProvider, property?.AssociatedParameter?.AttributeProvider }.OfType<ICustomAttributeProvider>()
            .SelectMany(static member => member.GetCustomAttributes(typeof(DescriptionAttribute), true)).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;

    /// <param name="Type">A type.</param>
    /// <param name="Base">The one that it is written as, with what tells it apart from others; null where it is written as itself.</param>
    private readonly record struct Key(Type Type, Type? Base);
}
