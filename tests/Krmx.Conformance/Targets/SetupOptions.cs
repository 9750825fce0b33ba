using System.Text.RegularExpressions;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Targets;

/// <summary>Setups as options of our server.</summary>
internal static class SetupOptions
{
    public static TOptions ToOptions<TOptions>(this ServerSetup setup, TOptions options)
        where TOptions : KrmxRoomOptions
    {
        options.Links.AcceptsNewUsers = setup.AcceptsNewUsers;
        if (setup.Conflict is LinkConflict conflict)
            options.Links.Conflict = conflict;
        options.Users.Timeout = setup.UserTimeout;
        options.Users.Presence = setup.CountsUsers ? KrmxPresence.Count : KrmxPresence.Everyone;
        if (setup.MaxUsers is int max)
            options.Users.Max = max;
        if (setup.UsernamePattern is string pattern)
            options.Links.IsValidUsername = name => Regex.IsMatch(name, pattern);
        if (setup.SupportedVersions is not null)
            options.Links.SupportedVersions = setup.SupportedVersions;
        return options;
    }
}
