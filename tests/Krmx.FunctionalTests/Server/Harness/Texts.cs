namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>The server's messages as they stand on the wire.</summary>
internal static class Texts
{
    public const string Accepted = """{"type":"krmx/accepted"}""";

    public static string Rejected(string reason) => $$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""";

    public static string Joined(string username) => Presence("joined", username);

    public static string Linked(string username) => Presence("linked", username);

    public static string Unlinked(string username) => Presence("unlinked", username);

    public static string Left(string username) => Presence("left", username);

    private static string Presence(string change, string username) =>
        $$$"""{"type":"krmx/{{{change}}}","payload":{"username":"{{{username}}}"}}""";
}
