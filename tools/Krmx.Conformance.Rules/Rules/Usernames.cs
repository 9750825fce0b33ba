using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 5: which names are usernames.</summary>
internal static class Usernames
{
    private static readonly string Letters32 = new('a', 32);

    public static Rule[] Rules { get; } =
    [
        Valid("5.1 lengths", "2 to 32 characters are a username", "ab", "abc", Letters32),
        Invalid("5.2 lengths-refused", "fewer than 2 characters, or more than 32, are none",
            "", "a", "Z", Letters32 + "a", new string('a', 1000)),
        Valid("5.3 characters", "letters, digits, dot, dash, at and underscore",
            "aZ", "Az09", "a.b-c@d_e", "simon@example.org", "x1-2.3_4@5"),
        Invalid("5.4 characters-refused", "no other character",
            "a b", "a+b", "a/b", "a:b", "a\tb", "a\0b", "äb", "aéb", "a名b", "a😀b",
            "a\u0131b", "a\u212ab", "a\uff11b", "a\u0661b", "a\u00adb", "a\u200db"),
        Invalid("5.5 first", "a username starts with a letter", "1a", ".a", "-a", "@a", "_a", " a"),
        Valid("5.6 last", "a username ends with a letter or a digit", "aa", "a0", "a.9"),
        Invalid("5.7 last-refused", "a username does not end with a special character", "a.", "a-", "a@", "a_", Letters32[1..] + "."),
        Invalid("5.8 two-specials", "no two special characters in a row", "a..b", "a--b", "a.-b", "a@_b", "a__b", "a.b..c"),
        Invalid("5.9 nothing-after", "nothing comes after a username", "ab\n", "ab\r\n", "ab ", "ab\0", "ab\u2028", Letters32[1..] + "\n"),
        new("5.10 case-sensitive", "names that differ in case are two users", async trial =>
        {
            Peer lower = await trial.LinkedAsync("simon");
            await trial.LinkedAsync("Simon");
            await trial.ExpectUsersAsync("simon* Simon*");
            await trial.CallAsync(AppCall.Kick("Simon"));
            await trial.ExpectUsersAsync("simon*");
            await lower.ExpectAsync("unlinked Simon", "left Simon");
            await trial.ExpectEventsAsync("unlink Simon", "leave Simon");
            await trial.ExpectRefusedAsync(AppCall.Kick("SIMON"), "does not exist");
        }),
        new("5.11 replaceable", "the application may have another rule for names", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice");
            await client.ExpectAsync("rejected: invalid username");
            await trial.ExpectRefusedAsync(AppCall.Join("alice"), "valid username");
            await client.LinkAsync("no 7 \"ä\" 😀");
            await client.ExpectAsync("accepted", "joined no 7 \"ä\" 😀", "linked no 7 \"ä\" 😀");
        })
        { Setup = new() { UsernamePattern = "^no .*$" } },
        new("5.12 ordinary-names", "names that mean something to JavaScript are ordinary names", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string name in JavaScriptNames)
            {
                await client.LinkAsync(name);
                await client.ExpectAsync("accepted", $"joined {name}", $"linked {name}");
                await client.SendAsync("""{"type":"krmx/leave"}""");
                await client.ExpectAsync($"unlinked {name}", $"left {name}");
            }
            await trial.ExpectUsersAsync("");
        })
        { IsFixed = true },
        new("5.13 ordinary-names-unknown", "names that mean something to JavaScript are unknown until they join", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string name in JavaScriptNames)
            {
                await client.LinkAsync(name);
                await client.ExpectAsync("rejected: server is not accepting new users");
                await trial.ExpectRefusedAsync(AppCall.Kick(name), "does not exist");
            }
        })
        { IsFixed = true, Setup = new() { AcceptsNewUsers = false } },
    ];

    private static string[] JavaScriptNames => ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString"];

    private static Rule Valid(string id, string title, params string[] names) => new(id, title, async trial =>
    {
        Peer client = await trial.ConnectAsync();
        foreach (string name in names)
        {
            await client.LinkAsync(name);
            await client.ExpectAsync("accepted", $"joined {name}", $"linked {name}");
            await client.SendAsync("""{"type":"krmx/leave"}""");
            await client.ExpectAsync($"unlinked {name}", $"left {name}");
        }
    });

    private static Rule Invalid(string id, string title, params string[] names) => new(id, title, async trial =>
    {
        Peer client = await trial.ConnectAsync();
        foreach (string name in names)
        {
            await client.LinkAsync(name);
            await client.ExpectAsync("rejected: invalid username");
        }
        await client.ExpectQuietAndUnlinkedAsync();
    });
}
