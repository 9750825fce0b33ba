using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 7: the path, the query parameters and liveness.</summary>
internal static class Connecting
{
    /// <summary>The configured path, as some write it.</summary>
    public const string SamePath = "/Game/Krmx/";

    public static Rule[] Rules { get; } =
    [
        new("7.1 default-path", "the default path is /", async trial =>
            await (await trial.ConnectAsync("/")).ExpectQuietAndUnlinkedAsync())
        { NeedsSockets = true },
        new("7.2 path", "a configured path is served", async trial =>
        {
            await (await trial.ConnectAsync("/game/krmx")).ExpectQuietAndUnlinkedAsync();
            await (await trial.ConnectAsync("/game/krmx?any=thing")).ExpectQuietAndUnlinkedAsync();
        })
        { NeedsSockets = true, Setup = new() { Path = "/game/krmx" } },
        new("7.3 other-path", "no other path is", async trial =>
        {
            foreach (string path in new[] { "/", "/game", "/game/krmx/more", "/game/krmxx" })
                await trial.ExpectNoConnectionAsync(path);
        })
        { NeedsSockets = true, Setup = new() { Path = "/game/krmx" } },
        new("7.4 only-the-default-path", "where none is configured, no other path than / is served", async trial =>
        {
            await (await trial.ConnectAsync("/")).ExpectQuietAndUnlinkedAsync();
            await trial.ExpectNoConnectionAsync("/other");
        })
        { NeedsSockets = true },
        new("7.5 same-path", "neither case nor a slash at the end makes another path", async trial =>
            await (await trial.ConnectAsync(SamePath)).ExpectQuietAndUnlinkedAsync())
        { NeedsSockets = true, Setup = new() { Path = "/game/krmx" } },
        Query("7.10 query-present", "a parameter may be required present", true,
            ["/?key=a", "/?key=", "/?key", "/?a=b&key=c"], ["/", "/?keys=a", "/?a=key"]),
        Query("7.11 query-absent", "a parameter may be required absent", false, ["/", "/?keys=a"], ["/?key=a", "/?key=", "/?key"]),
        Query("7.12 query-equal", "a parameter may be required to have a value", "a b",
            ["/?key=a%20b", "/?key=a+b"], ["/", "/?key=", "/?key=A%20b", "/?key=a%20bc"]),
        Query("7.13 query-predicate", "a parameter may be required to pass a predicate", "/^[0-9]+$/",
            ["/?key=12"], ["/", "/?key=", "/?key=1x"]),
        new("7.14 queries", "all expectations must be met", async trial =>
        {
            await (await trial.ConnectAsync("/?room=7")).ExpectQuietAndUnlinkedAsync();
            foreach (string target in new[] { "/", "/?room=8", "/?room=7&guest=1" })
                await (await trial.ConnectAsync(target)).ExpectCloseAsync(1008);
        })
        { NeedsSockets = true, Setup = new() { Query = new Dictionary<string, object> { ["room"] = "7", ["guest"] = false } } },
        new("7.15 query-repeated", "a parameter that stands twice is present, and has no value", async trial =>
        {
            await (await trial.ConnectAsync("/?here=a&here=b&key=yes")).ExpectQuietAndUnlinkedAsync();
            foreach (string query in new[] { "key=yes&key=no", "key=no&key=yes", "key=yes&key=yes" })
                await (await trial.ConnectAsync($"/?here=a&{query}")).ExpectCloseAsync(1008);
        })
        { NeedsSockets = true, Setup = new() { Query = new Dictionary<string, object> { ["here"] = true, ["key"] = "yes" } } },
        new("7.20 liveness", "a connection that answers no ping is terminated, and its user unlinked", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.LinkDeafAsync("bob");
            await alice.ExpectAsync("joined bob", "linked bob", "unlinked bob");
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectUsersAsync("alice* bob");
        })
        { NeedsSockets = true, Setup = new() { PingInterval = TimeSpan.FromMilliseconds(100) } },
    ];

    private static Rule Query(string id, string title, object expectation, string[] served, string[] refused) =>
        new(id, title, async trial =>
        {
            foreach (string target in served)
                await (await trial.ConnectAsync(target)).ExpectQuietAndUnlinkedAsync();
            foreach (string target in refused)
                await (await trial.ConnectAsync(target)).ExpectCloseAsync(1008);
        })
        { NeedsSockets = true, Setup = new() { Query = new Dictionary<string, object> { ["key"] = expectation } } };
}
