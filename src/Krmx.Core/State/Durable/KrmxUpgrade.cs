using System.Text.Json.Nodes;

namespace Krmx.State;

/// <summary>How a state that an older version of the application has stored becomes one of this version.</summary>
public sealed class KrmxUpgrade
{
    /// <summary>The version of the state's type, from 2; one without an upgrade has 1.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// Given the state as JSON and the version that stored it, from 1 to one below <see cref="Version"/>, returns it as this version has it. What it throws keeps
    /// the room from opening, and nothing that is stored is touched.
    /// </summary>
    public required Func<JsonNode?, int, JsonNode?> Apply { get; init; }
}
