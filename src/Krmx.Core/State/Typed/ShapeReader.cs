using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>Finds the shapes of a type and of all that it is made of.</summary>
/// <remarks>
/// Works from the serializer's own description of types, so a source-generated context is enough. Where a type has a rule that is not
/// understood here, it is serialized as a whole, which gives the same JSON and shares less.
/// </remarks>
internal sealed class ShapeReader(JsonSerializerOptions options)
{
    private readonly Dictionary<Type, TypeShape> _shapes = [];

    private bool WritesPlainly =>
        options.ReferenceHandler is null
        && options.DefaultIgnoreCondition is JsonIgnoreCondition.Never or JsonIgnoreCondition.WhenWritingNull
        && options is { IgnoreReadOnlyProperties: false, IgnoreReadOnlyFields: false, DictionaryKeyPolicy: null };

    public TypeShape ShapeOf(Type type)
    {
        Type actual = Nullable.GetUnderlyingType(type) ?? type;
        return _shapes.TryGetValue(actual, out TypeShape? known) ? known : Read(options.GetTypeInfo(actual));
    }

    private TypeShape Read(JsonTypeInfo info)
    {
        TypeShape shape = info.Kind switch
        {
            _ when !WritesPlainly || HasRules(info) => new LeafShape(info) { Type = info.Type },
            JsonTypeInfoKind.Object when info.Properties.All(IsUnderstood) => new ObjectShape { Type = info.Type },
            JsonTypeInfoKind.Enumerable => new ListShape(IsImmutableArray(info.Type)) { Type = info.Type },
            JsonTypeInfoKind.Dictionary when info.KeyType == typeof(string)
                && typeof(System.Collections.IDictionary).IsAssignableFrom(info.Type) => new DictionaryShape { Type = info.Type },
            _ => new LeafShape(info) { Type = info.Type },
        };
        _shapes.Add(info.Type, shape); // before its parts: a type may contain itself
        switch (shape)
        {
            case ObjectShape members:
                members.Complete(info.Properties.Where(static property => property.Get is not null).Select(Member));
                break;
            case ListShape list:
                list.Complete(ShapeOf(info.ElementType!));
                break;
            case DictionaryShape dictionary:
                dictionary.Complete(ShapeOf(info.ElementType!));
                break;
        }
        return shape;
    }

    private ObjectShape.Property Member(JsonPropertyInfo property) => new(
        property.Name,
        property.Get!,
        property.ShouldSerialize,
        options.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingNull,
        ShapeOf(property.PropertyType));

    private static bool IsImmutableArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static bool HasRules(JsonTypeInfo info) =>
        info.PolymorphismOptions is not null || info.NumberHandling is not null || info.OnSerializing is not null || info.OnSerialized is not null
        || info.OnDeserializing is not null || info.OnDeserialized is not null;

    private static bool IsUnderstood(JsonPropertyInfo property) =>
        !property.IsExtensionData && property.CustomConverter is null && property.NumberHandling is null;
}
