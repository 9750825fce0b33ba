using System.Text.RegularExpressions;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Targets;

/// <summary>Setups as options of our server.</summary>
internal static class SetupOptions
{
    public static TOptions ToOptions<TOptions>(this ServerSetup setup, TOptions options)
        where TOptions : KrmxRoomOptions
    {
        options.AcceptsNewUsers = setup.AcceptsNewUsers;
        options.LinkConflict = setup.ReplacesOnConflict ? LinkConflict.Replace : LinkConflict.Reject;
        if (setup.UsernamePattern is string pattern)
            options.IsValidUsername = name => Regex.IsMatch(name, pattern);
        if (setup.SupportedVersions is not null)
            options.SupportedVersions = setup.SupportedVersions;
        return options;
    }
}
