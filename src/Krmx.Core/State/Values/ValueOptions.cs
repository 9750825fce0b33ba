using System.Text.Json;

namespace Krmx.State;

/// <summary>How a value is kept.</summary>
public sealed class ValueOptions
{
    /// <summary>How it becomes JSON. Default: null, for the room's <see cref="KrmxRoomOptions.Json"/>.</summary>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>What makes a value that an older version of the application has stored one of this version. Default: null, where there was no other.</summary>
    public KrmxUpgrade? Upgrade { get; set; }
}
