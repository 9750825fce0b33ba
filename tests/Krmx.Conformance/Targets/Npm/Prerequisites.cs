namespace Krmx.Conformance.Targets.Npm;

/// <summary>What has to be installed for the npm peers.</summary>
internal static class Prerequisites
{
    /// <summary>Where the peers' scripts are.</summary>
    public static string Peers { get; } = Repository.PathOf("tests/peers");

    /// <summary>What is missing and how to get it; null when all is there.</summary>
    public static string? Missing { get; } =
        !IsInstalled("node") && !IsInstalled("node.exe") ? "Node.js is not installed: install version 18 or later, or run ./test.sh"
        : !Directory.Exists(Path.Combine(Peers, "node_modules")) ? "the npm packages are not installed: run 'npm ci' in tests/peers, or ./test.sh"
        : null;

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
