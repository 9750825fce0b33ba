using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4's table: what a connection without a user may send, in the table's order.</summary>
internal static class UnlinkedInputs
{
    public static Rule[] Rules { get; } =
    [
        new("4.1 invalid-message", "an invalid message is rejected", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.SendAsync("nonsense");
            await client.ExpectAsync("rejected: invalid message");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync();
        }),
        new("4.2 only-link", "any type but krmx/link is rejected", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string type in new[] { "a", "krmx/unlink", "krmx/leave", "krmx/accepted", "krmx/", "krmx/link ", "KRMX/LINK", "" })
            {
                await client.SendAsync($$$"""{"type":"{{{type}}}","payload":{"username":"alice","version":"{{{trial.Version}}}"}}""");
                await client.ExpectAsync("rejected: unlinked connection");
            }
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync();
            await trial.ExpectUsersAsync("");
        }),
        new("4.3 malformed-link", "a link request of another shape is rejected", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            string version = $"\"version\":\"{trial.Version}\"";
            string[] payloads =
            [
                "null", "true", "1", "\"alice\"", "[]", "{}",
                $"{{{version}}}", "{\"username\":\"alice\"}", $"{{\"Username\":\"alice\",{version}}}",
                $"{{\"username\":1,{version}}}", $"{{\"username\":null,{version}}}", $"{{\"username\":[\"alice\"],{version}}}",
                "{\"username\":\"alice\",\"version\":1}", "{\"username\":\"alice\",\"version\":null}",
                $"{{\"username\":\"alice\",{version},\"auth\":1}}", $"{{\"username\":\"alice\",{version},\"auth\":null}}",
                $"{{\"username\":\"alice\",{version},\"auth\":{{}}}}", $"{{\"username\":\"alice\",{version},\"auth\":\"a\",\"auth\":2}}",
            ];
            await client.SendAsync("""{"type":"krmx/link"}""");
            await client.ExpectAsync("rejected: invalid link request");
            foreach (string payload in payloads)
            {
                await client.SendAsync($$"""{"type":"krmx/link","payload":{{payload}}}""");
                await client.ExpectAsync("rejected: invalid link request");
            }
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectUsersAsync("");
        }),
        new("4.4 link-members", "other members of a link request are ignored, and of those that stand twice the last wins", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            string members = $$"""{"a":{"username":"x"},"username":1,"username":"alice","version":"{{trial.Version}}","b":[]}""";
            await client.SendAsync($$"""{"type":"krmx/link","payload":{{members}}}""");
            await client.ExpectAsync("accepted", "joined alice", "linked alice");
            await client.ExpectQuietAndLinkedAsync();
        }),
        new("4.5 version", "a version that is refused is rejected with a text that names both", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", otherVersion: "9.9.9");
            await client.ExpectAsync($"rejected: krmx server version mismatch (server={trial.Line}.*,client=9.9.9)");
            await client.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.6 username", "a name that is no username is rejected", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("a");
            await client.ExpectAsync("rejected: invalid username");
            await client.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.7 no-new-users", "an unknown user is rejected where no new users are accepted; a known one may link", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("bob");
            await client.ExpectAsync("rejected: server is not accepting new users");
            await client.LinkAsync("alice");
            await client.ExpectAsync("accepted", "joined alice", "linked alice");
            await trial.ExpectEventsAsync("join alice", "link alice");
        })
        { Setup = new() { AcceptsNewUsers = false } },
        new("4.8 already-linked", "a user who is linked already is not linked again, and notices nothing", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer other = await trial.ConnectAsync();
            await other.LinkAsync("alice");
            await other.ExpectAsync("rejected: user alice is already linked to a connection");
            await other.ExpectQuietAndUnlinkedAsync();
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync();
        }),
        new("4.9 authentication-refuses", "a link that authentication refuses is rejected with its reason", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", auth: "wrong");
            await client.ExpectAsync($"rejected: {ServerSetup.Refusal}");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectUsersAsync("");
            await trial.ExpectEventsAsync();
        }),
        new("4.10 authentication-timeout", "an authentication that takes too long is rejected", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", auth: "later");
            await trial.ExpectUndecidedAsync(1);
            await trial.ExpireAuthenticationsAsync();
            await client.ExpectAsync("rejected: authentication timeout");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectUsersAsync("");
            await trial.ExpectEventsAsync();
        }),
        new("4.11 link-passes-new-user", "a link that passes joins a new user, then links", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice");
            await client.ExpectAsync("accepted", "joined alice", "linked alice");
            await client.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("join alice", "link alice");
            await trial.ExpectUsersAsync("alice*");
        }),
        new("4.12 link-passes-known-user", "a link that passes links a known user, who does not join again", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.SettleAsync();
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice");
            await client.ExpectAsync("accepted", "joined bob", "linked bob", "joined alice", "linked alice");
            await bob.ExpectAsync("linked alice");
            await bob.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("link alice");
            await trial.ExpectUsersAsync("bob* alice*");
        }),
        new("4.13 checks-in-order", "of several reasons to reject a link the table's first is given", async trial =>
        {
            await trial.LinkedAsync("alice");
            Peer client = await trial.ConnectAsync();
            await client.SendAsync("""{"type":"krmx/link","payload":{"username":"a","version":"9.9.9","auth":1}}""");
            await client.ExpectAsync("rejected: invalid link request");
            await client.LinkAsync("a", "wrong", "9.9.9");
            await client.ExpectAsync($"rejected: krmx server version mismatch (server={trial.Line}.*,client=9.9.9)");
            await client.LinkAsync("a", "wrong");
            await client.ExpectAsync("rejected: invalid username");
            await client.LinkAsync("alice", "wrong");
            await client.ExpectAsync("rejected: user alice is already linked to a connection");
        })
        { Setup = new() { Conflict = LinkConflict.Reject } },
        new("4.14 try-again", "a connection may ask again after every rejection", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string username in new[] { "a", "-b", "c c", "alice" })
                await client.LinkAsync(username);
            await client.ExpectAsync(
                "rejected: invalid username", "rejected: invalid username", "rejected: invalid username",
                "accepted", "joined alice", "linked alice");
        }),
    ];
}
