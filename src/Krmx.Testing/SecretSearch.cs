using System.Text.Json;
using Krmx.State;

namespace Krmx.Testing;

/// <summary>Looks for secrets in JSON.</summary>
internal static class SecretSearch
{
    /// <summary>Finds a secret that stands in a text, in the name of a member or as a number; null where there is none.</summary>
    public static string? Find(JsonTree json, IReadOnlyCollection<string> secrets)
    {
        switch (json.Kind)
        {
            case JsonValueKind.String:
                return FindIn(json.Text!, secrets);
            case JsonValueKind.Number:
                return secrets.FirstOrDefault(secret => secret == json.Text);
            default:
                return json.Items.Select(item => Find(item, secrets))
                    .Concat(json.Members.Select(member => FindIn(member.Key, secrets) ?? Find(member.Value, secrets)))
                    .FirstOrDefault(static found => found is not null);
        }
    }

    private static string? FindIn(string text, IReadOnlyCollection<string> secrets) =>
        secrets.FirstOrDefault(secret => Stands(secret, text));

    /// <summary>Whether a secret stands in a text by itself: "card-1" is not in "card-10".</summary>
    private static bool Stands(string secret, string text)
    {
        for (int at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + 1, StringComparison.Ordinal))
        {
            int end = at + secret.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return true;
        }
        return false;
    }
}
