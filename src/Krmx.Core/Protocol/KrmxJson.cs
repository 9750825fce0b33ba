using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Krmx;

/// <summary>The JSON conventions of payloads: camelCase names, as every other peer of the protocol writes them.</summary>
public static class KrmxJson
{
    /// <summary>The options used where none are given: web defaults, enums by name, and text that is not escaped more than JSON asks.</summary>
    /// <remarks>
    /// Under Native AOT these know no types: give options with a source-generated context instead, with <c>UseStringEnumConverter</c> for enums by name.
    /// </remarks>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Copies the default options, with the given source-generated contexts asked first.</summary>
    /// <param name="contexts">Where the types of payloads are described; the first that knows a type is used.</param>
    public static JsonSerializerOptions With(params IJsonTypeInfoResolver[] contexts)
    {
        var options = new JsonSerializerOptions(Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. contexts, Options.TypeInfoResolver]),
        };
        options.MakeReadOnly();
        return options;
    }

    internal static JsonTypeInfo<T> TypeInfo<T>(JsonSerializerOptions? options) =>
        (JsonTypeInfo<T>)(options ?? Options).GetTypeInfo(typeof(T));

#if NET
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Guarded by the feature switch that trimming turns off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Guarded by the feature switch that trimming turns off.")]
#endif
    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = Protocol.FrameWriter.Escaping,
            TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault ? new DefaultJsonTypeInfoResolver() : JsonTypeInfoResolver.Combine(),
        };
        if (JsonSerializer.IsReflectionEnabledByDefault)
            options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}
