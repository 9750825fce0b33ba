namespace Krmx;

/// <summary>The texts of <c>krmx/rejected</c> (protocol section 4), in one place.</summary>
internal static class Reasons
{
    public const string InvalidMessage = "invalid message";
    public const string UnlinkedConnection = "unlinked connection";
    public const string InvalidLinkRequest = "invalid link request";
    public const string InvalidUsername = "invalid username";
    public const string NoNewUsers = "server is not accepting new users";
    public const string TooManyUsers = "the room is full";
    public const string AuthenticationTimeout = "authentication timeout";
    public const string AuthenticationFailed = "authentication failed";

    public const string StaleAttempt = "stale link attempt";

    public static string HasLeft(string username) => $"user {username} has left";

    public static string VersionMismatch(ProtocolVersion server, string client) =>
        $"krmx server version mismatch (server={server.Major}.{server.Minor}.*,client={client})";

    public static string AlreadyLinked(string username) => $"user {username} is already linked to a connection";

    public static string JoinedMeanwhile(string username) => $"user {username} joined while this link was being authenticated";

    public static string LeftMeanwhile(string username) => $"user {username} left before the link was made";
}
