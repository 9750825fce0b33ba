using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 6: which versions link.</summary>
internal static class Versions
{
    public static Rule[] Rules { get; } =
    [
        new("6.1 any-patch", "a client of the server's major and minor number links, whatever its patch", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string patch in new[] { "0", "1", "101", "999999999" })
            {
                await client.LinkAsync("alice", otherVersion: $"{trial.Line}.{patch}");
                await client.SendAsync("""{"type":"krmx/leave"}""");
                await client.ExpectAsync("accepted", "joined alice", "linked alice", "unlinked alice", "left alice");
            }
        }),
        new("6.2 other-lines", "a client of another major or minor number is rejected", async trial =>
            await ExpectMismatchAsync(trial, "0.3.0", "0.7.0", "1.0.0", "1.5.0", "1.6.0", "6.0.0")),
        new("6.3 look-alikes", "what only starts like a version of the server's line is rejected", async trial =>
            await ExpectMismatchAsync(trial, LookAlikes(trial.Line))),
        new("6.4 not-a-version", "what is not three numbers is rejected", async trial =>
            await ExpectMismatchAsync(
                trial, "", ".", "..", "0", "x", $"v{trial.Line}.0", $" {trial.Line}.0", $"-{trial.Line}.0", $"0{trial.Line}.0")),
        new("6.5 older-lines", "by default clients of 0.4, 0.5 and 0.6 link", async trial =>
        {
            foreach (string line in new[] { "0.4", "0.5", "0.6" })
            {
                Peer client = await trial.ConnectAsync();
                await client.LinkAsync("alice", otherVersion: $"{line}.3");
                await client.SendAsync("""{"type":"krmx/leave"}""");
                await client.ExpectAsync("accepted", "joined alice", "linked alice", "unlinked alice", "left alice");
            }
        }),
        new("6.6 configured-lines", "the lines are an option, and a mismatch names the highest", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", otherVersion: "0.6.0");
            await client.ExpectAsync("rejected: krmx server version mismatch (server=0.10.*,client=0.6.0)");
            await client.LinkAsync("alice", otherVersion: "0.9.1");
            await client.ExpectAsync("accepted", "joined alice", "linked alice");
        })
        { Setup = new() { SupportedVersions = [new(0, 9), new(0, 10), new(0, 2)] }, IsFixed = true },
        new("6.7 pre-releases", "a pre-release of the server's line links, and so does a build of it", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string patch in new[] { "11-beta.1", "0-0", "1+5", "1-rc.1+a-b" })
            {
                await client.LinkAsync("alice", otherVersion: $"{trial.Line}.{patch}");
                await client.SendAsync("""{"type":"krmx/leave"}""");
                await client.ExpectAsync("accepted", "joined alice", "linked alice", "unlinked alice", "left alice");
            }
        }),
    ];

    public static string[] LookAlikes(string line) =>
        [.. new[] { "", ".", "0.0", "pwn", ".x", ".0.0", ".-1", ".+1", ". 1", ".01", ".0\n", ".1e3" }.Select(rest => line + rest)];

    private static async Task ExpectMismatchAsync(Trial trial, params string[] versions)
    {
        Peer client = await trial.ConnectAsync();
        foreach (string version in versions)
        {
            await client.LinkAsync("alice", otherVersion: version);
            await client.ExpectAsync($"rejected: krmx server version mismatch (server={trial.Line}.*,client={version})");
        }
        await client.ExpectQuietAndUnlinkedAsync();
        await trial.ExpectUsersAsync("");
    }
}
