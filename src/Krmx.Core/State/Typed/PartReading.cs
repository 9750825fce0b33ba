using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>Reads a tree as a value, and takes the parts that a former tree has in common with it from the former value.</summary>
/// <remarks>
/// <para>
/// The tree is written as JSON in which a number stands for each such part, and read with converters that know what the numbers stand for. No object, list or
/// dictionary is a number otherwise, unless the tree is not of the type; so whoever reads like that compares afterwards. What is the serializer's own stays so:
/// constructors, names, converters.
/// </para>
/// <para>
/// A type cannot be read by a converter that reads it itself, so there are options for each type, in which every other type may be a number. A part of a type is
/// therefore not taken from the former value where it stands right in another of the same type.
/// </para>
/// <para>Safe to use from any thread.</para>
/// </remarks>
internal sealed class PartReading
{
    [ThreadStatic]
    private static List<object>? _parts; // what the numbers stand for, while something is read

    private readonly Dictionary<Type, JsonSerializerOptions> _options = [];
    private readonly TypeShape _shape;

    private PartReading(JsonSerializerOptions options, TypeShape shape, HashSet<Type> types)
    {
        _shape = shape;
        foreach (Type type in types)
            _options.Add(type, new JsonSerializerOptions(options));
        foreach ((Type type, JsonSerializerOptions own) in _options)
        {
            own.Converters.Insert(0, new PartConverters(type, _options));
            own.MakeReadOnly();
        }
    }

    /// <summary>Makes what reads values of a shape; null where types cannot be made at run time, or the type has nothing in it to share.</summary>
    public static PartReading? For(JsonSerializerOptions options, TypeShape shape) =>
        RuntimeFeature.IsDynamicCodeSupported && PartTypes(shape) is { Count: > 1 } types ? new PartReading(options, shape, types) : null;

    /// <summary>Reads a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="before">The former value.</param>
    /// <param name="beforeTree">The former value's tree.</param>
    /// <exception cref="Exception">It could not be read like that; perhaps it can be read as a whole.</exception>
    public TValue? Read<TValue>(JsonTree tree, object before, JsonTree beforeTree)
    {
        if (ReferenceEquals(tree, beforeTree))
            return (TValue)before;
        List<object>? outer = _parts;
        var parts = new List<object>();
        try
        {
            using var buffer = new Protocol.JsonBuffer();
            new PartWriter(buffer.Writer, parts, _options).Write(tree, _shape, before, beforeTree, null);
            _parts = parts;
            return JsonSerializer.Deserialize(buffer.ToArray(), (JsonTypeInfo<TValue>)_options[typeof(TValue)].GetTypeInfo(typeof(TValue)));
        }
        finally
        {
            _parts = outer;
        }
    }

    /// <summary>The types whose values can be parts: a shape's own, and those of what it is made of.</summary>
    private static HashSet<Type> PartTypes(TypeShape shape)
    {
        var types = new HashSet<Type>();
        Add(shape);
        return types;

        void Add(TypeShape shape)
        {
            if (shape is LeafShape || !IsPart(shape) || !types.Add(shape.Type))
                return;
            switch (shape)
            {
                case ObjectShape members:
                    foreach (ObjectShape.Property property in members.Properties)
                        Add(property.Shape);
                    break;
                case ListShape list:
                    Add(list.Item);
                    break;
                case DictionaryShape dictionary:
                    Add(dictionary.Value);
                    break;
            }
        }
    }

    /// <summary>Whether a value costs more to read than to take from elsewhere.</summary>
    private static bool IsPart(TypeShape shape) => !shape.Type.IsValueType || shape.WrapsObject;

    /// <summary>Writes a tree, and a number for each part that is in the former value.</summary>
    private readonly struct PartWriter(Utf8JsonWriter writer, List<object> parts, Dictionary<Type, JsonSerializerOptions> types)
    {
        /// <param name="tree">The tree.</param>
        /// <param name="shape">The shape of what it is read as.</param>
        /// <param name="before">The value that stood there before; null where there was none.</param>
        /// <param name="beforeTree">Its tree.</param>
        /// <param name="within">The type of the part that it is in.</param>
        public void Write(JsonTree tree, TypeShape shape, object? before, JsonTree? beforeTree, Type? within)
        {
            if (before is null || beforeTree is null || shape is LeafShape)
            {
                tree.WriteTo(writer);
                return;
            }
            bool isPart = shape.Type != within && types.ContainsKey(shape.Type);
            if (isPart && ReferenceEquals(tree, beforeTree))
            {
                writer.WriteNumberValue(parts.Count);
                parts.Add(before);
                return;
            }
            Type? inside = isPart ? shape.Type : within;
            switch (shape, tree, beforeTree)
            {
                case (ObjectShape members, JsonMembers next, JsonMembers former):
                    WriteMembers(next, members, before, former, inside);
                    break;
                case (DictionaryShape dictionary, JsonMembers next, JsonMembers former):
                    WriteValues(next, dictionary.Value, (IDictionary)before, former, inside);
                    break;
                case (ListShape list, JsonItems next, JsonItems former):
                    WriteItems(next, list.Item, before as IList, former, inside);
                    break;
                default:
                    tree.WriteTo(writer);
                    break;
            }
        }

        private void WriteMembers(JsonMembers tree, ObjectShape shape, object before, JsonMembers beforeTree, Type? within)
        {
            writer.WriteStartObject();
            for (int i = 0; i < tree.Members.Length; i++)
            {
                (string name, JsonTree member) = tree.Members[i];
                writer.WritePropertyName(name);
                ObjectShape.Property? property = null;
                foreach (ObjectShape.Property candidate in shape.Properties)
                {
                    if (candidate.Name == name)
                        property = candidate;
                }
                if (property is null or { Shape: LeafShape })
                    member.WriteTo(writer);
                else
                    Write(member, property.Shape, property.Get(before), beforeTree.Find(name, i), within);
            }
            writer.WriteEndObject();
        }

        private void WriteValues(JsonMembers tree, TypeShape shape, IDictionary before, JsonMembers beforeTree, Type? within)
        {
            writer.WriteStartObject();
            for (int i = 0; i < tree.Members.Length; i++)
            {
                (string name, JsonTree member) = tree.Members[i];
                writer.WritePropertyName(name);
                Write(member, shape, shape is LeafShape ? null : before[name], beforeTree.Find(name, i), within);
            }
            writer.WriteEndObject();
        }

        private void WriteItems(JsonItems tree, TypeShape shape, IList? before, JsonItems beforeTree, Type? within)
        {
            // What is no list, such as a set or a stack, has an order of its own.
            if (before is null || shape is LeafShape || before.Count != beforeTree.Items.Length)
            {
                tree.WriteTo(writer);
                return;
            }
            Dictionary<JsonTree, int>? places = null; // made when an item is not where it was
            writer.WriteStartArray();
            for (int i = 0; i < tree.Items.Length; i++)
            {
                JsonTree item = tree.Items[i];
                int place = i < before.Count && ReferenceEquals(item, beforeTree.Items[i]) ? i : FromEnd(tree, beforeTree, i);
                if (place < 0 && !(places ??= Places(beforeTree)).TryGetValue(item, out place))
                    place = i; // it has changed where it is, perhaps
                bool isThere = place < before.Count;
                Write(item, shape, isThere ? before[place] : null, isThere ? beforeTree.Items[place] : null, within);
            }
            writer.WriteEndArray();
        }

        /// <summary>Where an item was, if it has stayed where it was from the end; -1 if not.</summary>
        private static int FromEnd(JsonItems tree, JsonItems beforeTree, int index)
        {
            int place = index - tree.Items.Length + beforeTree.Items.Length;
            return place >= 0 && place < beforeTree.Items.Length && ReferenceEquals(tree.Items[index], beforeTree.Items[place]) ? place : -1;
        }

        private static Dictionary<JsonTree, int> Places(JsonItems trees)
        {
            var places = new Dictionary<JsonTree, int>(trees.Items.Length, ByReference.Instance);
            for (int i = 0; i < trees.Items.Length; i++)
                places[trees.Items[i]] = i;
            return places;
        }
    }

    private sealed class ByReference : IEqualityComparer<JsonTree>
    {
        public static readonly ByReference Instance = new();

        bool IEqualityComparer<JsonTree>.Equals(JsonTree? x, JsonTree? y) => ReferenceEquals(x, y);

        int IEqualityComparer<JsonTree>.GetHashCode(JsonTree tree) => RuntimeHelpers.GetHashCode(tree);
    }

    /// <summary>Makes the converters of all parts but one, which is read with these options.</summary>
    private sealed class PartConverters(Type self, Dictionary<Type, JsonSerializerOptions> options) : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert != self && options.ContainsKey(typeToConvert);

#if NET
        [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "None is made where types cannot be made at run time.")]
#endif
        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions _) =>
            (JsonConverter)Activator.CreateInstance(typeof(PartConverter<>).MakeGenericType(typeToConvert), options[typeToConvert])!;
    }

    /// <summary>Takes the part that a number stands for; reads anything else as its type is read.</summary>
    private sealed class PartConverter<TPart>(JsonSerializerOptions options) : JsonConverter<TPart>
    {
        public override bool HandleNull => true;

        public override TPart? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions _) => reader.TokenType == JsonTokenType.Number
            ? (TPart)_parts![reader.GetInt32()]
            : JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<TPart>)options.GetTypeInfo(typeof(TPart)));

        public override void Write(Utf8JsonWriter writer, TPart value, JsonSerializerOptions _) => throw new NotSupportedException();
    }
}
