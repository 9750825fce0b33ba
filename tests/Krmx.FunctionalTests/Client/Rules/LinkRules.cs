using System.Text.Json.Nodes;
using static Krmx.FunctionalTests.Client.Rules.ClientTrial;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>Links and their ends, versions, close codes.</summary>
internal static class LinkRules
{
    public static ClientRule[] All { get; } =
    [
        new("3", "a link says the username, the auth and the version, and no auth where there is none", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("ann", "secret");
            JsonObject link = await trial.NextAsync("krmx/link");
            Assert.Equal(("ann", "secret"), ((string?)link["username"], (string?)link["auth"]));
            Assert.StartsWith("0.6.", (string?)link["version"], StringComparison.Ordinal);
            await trial.SendAsync(Rejected("no"));
            Assert.Equal("rejected: no", await linking);
            linking = trial.Client.LinkAsync("ann");
            Assert.False((await trial.NextAsync("krmx/link")).ContainsKey("auth"));
            await trial.SendAsync(Rejected("no"));
            await linking;
        }),
        new("4", "a link is made when the own user is linked, and not before; the users come in their order", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("ann");
            await trial.NextAsync("krmx/link");
            await trial.SendAsync("""{"type":"krmx/accepted"}""", Of("joined", "bob"), Of("linked", "bob"), Of("joined", "ann"));
            await trial.HearsAsync("accept", "join bob", "link bob", "join ann");
            Assert.False(linking.IsCompleted);
            await trial.SendAsync(Of("linked", "ann"));
            Assert.Equal("done", await linking);
            await trial.HearsAsync("link ann");
        }),
        new("4", "a rejection is told with its reason, and leaves the connection open for another link", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("a");
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Rejected("invalid username"));
            Assert.Equal("rejected: invalid username", await linking);
            await trial.HearsAsync("reject invalid username");
            linking = trial.Client.LinkAsync("ann");
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            Assert.Equal("done", await linking);
        }),
        new("4", "nothing is sent without a link", async trial =>
        {
            await trial.ConnectAsync();
            Assert.Equal("invalid", await trial.Client.SendAsync("early"));
            Task<string> linking = trial.Client.LinkAsync("ann");
            Assert.Equal("invalid", await trial.Client.SendAsync("early"));
            Assert.Equal("invalid", await trial.Client.LinkAsync("ann"));
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            Assert.Equal("done", await linking);
            await trial.HearsAsync("accept", "join ann", "link ann");
            await trial.IsQuietAsync();
        }),
        new("4", "changes of users are told as they come", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync(Of("joined", "bob"), Of("linked", "bob"), Of("unlinked", "bob"), Of("left", "bob"));
            await trial.HearsAsync("join bob", "link bob", "unlink bob", "leave bob");
        }),
        new("4", "who is unlinked by the server is connected still, and may link again", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync(Of("unlinked", "ann"));
            await trial.HearsAsync("unlink ann");
            await trial.UntilConnectedAsync();
            Assert.Equal("invalid", await trial.Client.SendAsync("late"));
            Task<string> linking = trial.Client.LinkAsync("ann");
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            Assert.Equal("done", await linking);
        }),
        new("4", "who is kicked is told of its own leave, and does not come back", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync(Of("unlinked", "ann"), Of("left", "ann"));
            await trial.HearsAsync("unlink ann", "leave ann");
            await trial.LoseAsync();
            await trial.UntilConnectedAsync();
            Task<string> linking = trial.Client.LinkAsync("bob");
            Assert.Equal("bob", (string?)(await trial.NextAsync("krmx/link"))["username"]);
            await trial.SendAsync(Rejected("no"));
            await linking;
        }),
        new("4", "unlink is asked for once, and done when the server says so", async trial =>
        {
            await trial.LinkAsync();
            Task<string> unlinking = trial.Client.UnlinkAsync();
            await trial.NextAsync("krmx/unlink");
            Assert.Equal("invalid", await trial.Client.UnlinkAsync());
            await trial.SendAsync("""{"type":"last"}""");
            await trial.HearsAsync("""message {"type":"last"}""");
            Assert.False(unlinking.IsCompleted);
            await trial.SendAsync(Of("unlinked", "ann"));
            Assert.Equal("done", await unlinking);
        }),
        new("4", "leave is done when the user has left, not when it is unlinked", async trial =>
        {
            await trial.LinkAsync();
            Task<string> leaving = trial.Client.LeaveAsync();
            await trial.NextAsync("krmx/leave");
            await trial.SendAsync(Of("unlinked", "ann"));
            await trial.HearsAsync("unlink ann");
            Assert.False(leaving.IsCompleted);
            await trial.SendAsync(Of("left", "ann"));
            Assert.Equal("done", await leaving);
            await trial.HearsAsync("leave ann");
        }),
        new("4", "what crossed with an unlink is rejected, and that is no answer to the next link", async trial =>
        {
            await trial.LinkAsync();
            Assert.Equal("done", await trial.Client.SendAsync("crossing"));
            await trial.NextAsync("crossing");
            await trial.SendAsync(Of("unlinked", "ann"));
            await trial.HearsAsync("unlink ann");
            Task<string> linking = trial.Client.LinkAsync("ann");
            JsonObject link = await trial.NextAsync("krmx/link");
            await trial.SendAsync(Rejected("unlinked connection"));
            await trial.HearsAsync("reject unlinked connection");
            await trial.AcceptAsync(link, null);
            Assert.Equal("done", await linking);
        }),
        new("6", "refused by a text that names 0.5 or 0.4, a client asks once more with that version", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("ann");
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Rejected("krmx server version mismatch (server=0.5.*,client=0.6.0)"));
            JsonObject link = await trial.NextAsync("krmx/link");
            Assert.StartsWith("0.5.", (string?)link["version"], StringComparison.Ordinal);
            await trial.AcceptAsync(link, null);
            Assert.Equal("done", await linking);
            await trial.HearsAsync("accept", "join ann", "link ann");
        }),
        new("6", "a version that a client does not speak ends the link", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("ann");
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Rejected("krmx server version mismatch (server=0.9.*,client=0.6.0)"));
            Assert.Equal("rejected: krmx server version mismatch (server=0.9.*,client=0.6.0)", await linking);
        }),
        .. new[] { 1001, 1012, 1013 }.Select(static code => new ClientRule("7", $"after {code} a client comes back and links again", async trial =>
        {
            await trial.LinkAsync();
            await trial.CloseAsync(code);
            await trial.TakeConnectionAsync();
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            await trial.HearsAsync("unlink ann", "accept", "join ann", "link ann");
        })),
        .. new[] { 1008, 1009, 4410 }.Select(static code => new ClientRule("7", $"after {code} a client does not come back", async trial =>
        {
            await trial.LinkAsync();
            await trial.CloseAsync(code);
            await trial.HearsAsync("unlink ann");
            Assert.Equal("invalid", await trial.Client.LinkAsync("ann"));
            Assert.Equal("invalid", await trial.Client.SendAsync("late"));
            Assert.False(trial.HasConnectedAgain);
        })),
        new("7", "whom the server unlinks because it closes, comes back", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync(Of("unlinked", "ann"), Of("left", "ann"));
            await trial.CloseAsync(1012);
            await trial.TakeConnectionAsync();
            Assert.Equal("ann", (string?)(await trial.NextAsync("krmx/link"))["username"]);
        }),
        new("4", "a client whose user is still linked to the connection that it lost asks again", async trial =>
        {
            await trial.LinkAsync();
            await trial.LoseAsync();
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Rejected("user ann is already linked to a connection"));
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            await trial.HearsAsync("unlink ann", "accept", "join ann", "link ann");
        }),
    ];
}
