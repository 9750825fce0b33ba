namespace Krmx;

/// <summary>The default rule for usernames (protocol section 5).</summary>
public static class Username
{
    /// <summary>The fewest characters a username has.</summary>
    public const int MinLength = 2;

    /// <summary>The most characters a username has.</summary>
    public const int MaxLength = 32;

    /// <summary>
    /// Whether a name is a username: 2 to 32 of <c>a–z A–Z 0–9 . - @ _</c>, starting with a letter, ending with a letter or digit,
    /// and no two special characters in a row.
    /// </summary>
    public static bool IsValid(string? name)
    {
        if (name is null || name.Length is < MinLength or > MaxLength || !IsLetter(name[0]) || IsSpecial(name[^1]))
            return false;
        for (int i = 1; i < name.Length; i++)
        {
            if (IsSpecial(name[i]) ? IsSpecial(name[i - 1]) : !IsLetter(name[i]) && name[i] is not (>= '0' and <= '9'))
                return false;
        }
        return true;
    }

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsSpecial(char c) => c is '.' or '-' or '@' or '_';
}
