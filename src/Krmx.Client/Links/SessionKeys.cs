using System.Security.Cryptography;

namespace Krmx.Links;

/// <summary>What sessions are known by (protocol section 10).</summary>
internal static class SessionKeys
{
    private const int Bytes = 16;

    /// <summary>Makes a key that nobody can guess.</summary>
    public static string Create()
    {
        byte[] key = new byte[Bytes];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(key);
        return Convert.ToBase64String(key);
    }
}
