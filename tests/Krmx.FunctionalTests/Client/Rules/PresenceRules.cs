using System.Text.Json.Nodes;
using static Krmx.FunctionalTests.Client.Rules.ClientTrial;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>The extension presence.</summary>
internal static class PresenceRules
{
    public static ClientRule[] All { get; } =
    [
        new("10 presence", "a link asks for presence, or for resume, which implies it", async trial =>
        {
            JsonObject link = await trial.LinkAsync("presence");
            Assert.Contains(link["extensions"]!.AsArray(), static name => (string?)name is "presence" or "resume");
        }),
        new("10 presence", "a link is made when all has been told, and what is granted for resume holds for presence", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("ann");
            JsonObject link = await trial.NextAsync("krmx/link");
            await trial.SendAsync(
                $$$"""{"type":"krmx/accepted","payload":{"extensions":["resume"],"session":{{{link["resume"]!["attempt"]}}}}}""",
                """{"type":"krmx/users","payload":{"users":[["bob",false,{"color":"red"}],["ann",true]]}}""",
                """{"type":"welcome"}""");
            await trial.HearsAsync("accept", "join bob", """meta bob {"color":"red"}""", "join ann", "link ann", """message {"type":"welcome"}""");
            Assert.False(linking.IsCompleted);
            await trial.SendAsync("""{"type":"krmx/ready"}""");
            Assert.Equal("done", await linking);
        }),
        new("10 presence", "changes are told in their order; one that is known already is no news", async trial =>
        {
            await trial.LinkAsync("presence");
            await trial.SendAsync("""
                {"type":"krmx/changes","payload":{"changes":[["joined","bob"],["joined","bob"],["linked","bob"],["meta","bob",1],["linked","bob"],["meta","bob"],["unlinked","bob"],["left","bob"]]}}
                """);
            await trial.HearsAsync("join bob", "link bob", "meta bob 1", "meta bob", "unlink bob", "leave bob");
        }),
        new("10 presence", "in changes a client ignores its own name, but for meta", async trial =>
        {
            await trial.LinkAsync("presence");
            await trial.SendAsync("""{"type":"krmx/changes","payload":{"changes":[["unlinked","ann"],["left","ann"],["meta","ann",1],["linked","ann"]]}}""");
            await trial.HearsAsync("meta ann 1");
            await trial.IsQuietAsync();
        }),
        new("10 presence", "further elements of arrays, and changes of other kinds, are ignored", async trial =>
        {
            await trial.LinkAsync("presence");
            await trial.SendAsync("""{"type":"krmx/changes","payload":{"changes":[["waved","bob"],["joined","bob",null,"more"],["linked","bob",null,2]]}}""");
            await trial.HearsAsync("join bob", "link bob");
        }),
        new("10 presence", "a count is told when it has changed", async trial =>
        {
            await trial.LinkAsync("presence");
            const string Count = """{"type":"krmx/count","payload":{"users":9,"linked":4}}""";
            await trial.SendAsync(Count, Count, """{"type":"krmx/count","payload":{"users":9,"linked":5}}""");
            await trial.HearsAsync("""count {"users":9,"linked":4}""", """count {"users":9,"linked":5}""");
        }),
        new("10", "a link has what it asked for, whatever the connection's link before it had", async trial =>
        {
            await trial.LinkAsync("presence");
            await trial.SendAsync(Of("unlinked", "ann"));
            await trial.HearsAsync("unlink ann");
            Task<string> linking = trial.Client.LinkAsync("ann");
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            Assert.Equal("done", await linking);
            await trial.HearsAsync("accept", "join ann", "link ann");
            await trial.SendAsync("""{"type":"krmx/changes","payload":{"changes":[["joined","bob"]]}}""");
            await trial.IsQuietAsync();
        }),
    ];
}
