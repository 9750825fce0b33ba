using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Krmx;
using Krmx.State;

namespace Boards;

/// <summary>What everybody may know of a user, as its metadata: whose tab it is.</summary>
/// <param name="Id">The same for all tabs of one person.</param>
/// <param name="Name">What the person is called; several may have the same name.</param>
/// <param name="Color">The colour of the person's pointer.</param>
public sealed record Person(string Id, string Name, PersonColor Color)
{
    public const int MaxNameLength = 40;

    /// <summary>Something that can be seen, and nothing that changes how the rest is written.</summary>
    public const string NamePattern =
        @"[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Z}\p{M}]\p{M}{0,3}(([^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{M}]|\u200c|\u200d)\p{M}{0,3})*";

    private static readonly Func<Profile, string?> Complaint = Annotations.Of<Profile>();

    /// <summary>Who comes with a link: the one who knows the key, which nobody can find out from the id.</summary>
    /// <exception cref="KrmxRefusedException">The text is no <see cref="Credentials"/>, or the profile is not as the contract says.</exception>
    public static Person Of(string? auth)
    {
        if (Read(auth) is not { Key.Length: >= 16 and <= 64, Profile: Profile profile } credentials)
            throw new KrmxRefusedException("open the board in a browser");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(credentials.Key));
        return new Person(Convert.ToHexStringLower(hash.AsSpan(0, 8)), "", default).With(profile);
    }

    /// <summary>The same person with another name or colour.</summary>
    /// <exception cref="KrmxRefusedException">They are not as the contract says.</exception>
    public Person With(Profile profile)
    {
        Profile trimmed = profile with { Name = profile.Name?.Trim() ?? "" };
        return Complaint(trimmed) is string complaint
            ? throw new KrmxRefusedException($"choose another name: {complaint}")
            : this with { Name = trimmed.Name, Color = trimmed.Color };
    }

    private static Credentials? Read(string? auth)
    {
        try
        {
            return JsonSerializer.Deserialize<Credentials>(auth ?? "null", KrmxJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the page sends along with a link.</summary>
    /// <param name="Key">Known to the person's browser alone.</param>
    /// <param name="Profile">What others are to see.</param>
    private sealed record Credentials(string? Key, Profile? Profile);
}
