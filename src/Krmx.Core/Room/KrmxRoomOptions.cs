using System.Text.Json;

namespace Krmx;

/// <summary>What a room allows; the defaults are the safe ones.</summary>
/// <remarks>Options are read when a room is made; what is changed afterwards concerns rooms that are made later, or nothing.</remarks>
public class KrmxRoomOptions
{
    /// <summary>Who may link, and how it is decided.</summary>
    public KrmxLinkOptions Links { get; } = new();

    /// <summary>How many users there may be, and for how long those stay who are away.</summary>
    public KrmxUserOptions Users { get; } = new();

    /// <summary>How clients go on where they left off after their connection was lost.</summary>
    public KrmxSessionOptions Sessions { get; } = new();

    /// <summary>How payloads of typed messages are read and written. Default: <see cref="KrmxJson.Options"/>.</summary>
    public JsonSerializerOptions Json { get; set; } = KrmxJson.Options;

    /// <summary>Finds what is wrong with the options.</summary>
    /// <returns>A sentence for each problem, naming the option; empty when all is well.</returns>
    public virtual IEnumerable<string> Validate()
    {
        foreach (string problem in Links.Validate())
            yield return $"{nameof(Links)}.{problem}";
        foreach (string problem in Users.Validate())
            yield return $"{nameof(Users)}.{problem}";
        foreach (string problem in Sessions.Validate())
            yield return $"{nameof(Sessions)}.{problem}";
        if (Json is null)
            yield return $"{nameof(Json)} must not be null.";
    }
}
