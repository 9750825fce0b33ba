using System.Text.Json.Nodes;
using static Krmx.FunctionalTests.Client.Rules.ClientTrial;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>The extension resume.</summary>
internal static class ResumeRules
{
    public static ClientRule[] All { get; } =
    [
        new("10 resume", "the first link has a key of 16 to 64 characters and an attempt from 1, and names no session", async trial =>
        {
            JsonObject resume = (await trial.LinkAsync("resume"))["resume"]!.AsObject();
            Assert.InRange(((string)resume["key"]!).Length, 16, 64);
            Assert.True((int)resume["attempt"]! >= 1);
            Assert.Equal(["key", "attempt"], resume.Select(static member => member.Key));
        }),
        new("10 resume", "the next link has the same key and a higher attempt, and names the session and what was received", async trial =>
        {
            JsonObject first = (await trial.LinkAsync("resume"))["resume"]!.AsObject();
            await trial.LoseAsync();
            JsonObject next = (await trial.NextAsync("krmx/link"))["resume"]!.AsObject();
            Assert.Equal((string)first["key"]!, (string)next["key"]!);
            Assert.True((int)next["attempt"]! > (int)first["attempt"]!);
            Assert.Equal(((int)first["attempt"]!, 0), ((int)next["session"]!, (int)next["received"]!));
        }),
        new("10 resume", "received counts all that comes after ready, but rejected, ack and what is volatile", async trial =>
        {
            await trial.LinkAsync("resume");
            await trial.SendAsync(
                """{"type":"one"}""",
                """{"type":"krmx/ack","payload":{"received":0,"sent":1}}""",
                """{"type":"lost","volatile":true}""",
                """{"type":"krmx/changes","payload":{"changes":[["joined","bob"]]}}""",
                Rejected("a message"),
                """{"type":"two","volatile":1}""");
            await trial.HearsAsync(
                """message {"type":"one"}""", """message {"type":"lost"}""", "join bob", "reject a message", """message {"type":"two"}""");
            await trial.LoseAsync();
            Assert.Equal(3, (int)(await trial.NextAsync("krmx/link"))["resume"]!["received"]!);
        }),
        new("10 resume", "a session that was not ready is not named", async trial =>
        {
            await trial.ConnectAsync();
            Task<string> linking = trial.Client.LinkAsync("ann");
            JsonObject link = await trial.NextAsync("krmx/link");
            await trial.SendAsync($$$"""{"type":"krmx/accepted","payload":{"extensions":["resume"],"session":{{{link["resume"]!["attempt"]}}}}}""");
            await trial.HearsAsync("accept");
            await trial.LoseAsync();
            Assert.Equal("disconnected", await linking);
            await trial.UntilConnectedAsync();
            linking = trial.Client.LinkAsync("ann");
            Assert.False((await trial.NextAsync("krmx/link"))["resume"]!.AsObject().ContainsKey("session"));
            await trial.SendAsync(Rejected("no"));
            await linking;
        }),
        new("10 resume", "while the connection is away nothing is told, and what is sent waits for the answer to the link", async trial =>
        {
            JsonObject link = await trial.LinkAsync("resume");
            await trial.LoseAsync();
            await trial.NextAsync("krmx/link");
            Assert.Equal("done", await trial.Client.SendAsync("away"));
            await trial.SendAsync(Recovered(link, 0));
            await trial.HearsAsync("recover");
            await trial.NextAsync("away");
            await trial.IsQuietAsync();
        }),
        new("10 resume", "what the server has not handled is sent again, once and in order, and nothing else", async trial =>
        {
            JsonObject link = await trial.LinkAsync("resume");
            foreach (string type in (string[])["one", "two", "three"])
                await trial.Client.SendAsync(type);
            foreach (string type in (string[])["one", "two", "three"])
                await trial.NextAsync(type);
            await trial.LoseAsync();
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Recovered(link, 1), """{"type":"missed"}""");
            await trial.HearsAsync("recover", """message {"type":"missed"}""");
            await trial.NextAsync("two");
            await trial.NextAsync("three");
            await trial.IsQuietAsync();
        }),
        new("10 resume", "what an ack has confirmed is not sent again", async trial =>
        {
            JsonObject link = await trial.LinkAsync("resume");
            foreach (string type in (string[])["one", "two"])
            {
                await trial.Client.SendAsync(type);
                await trial.NextAsync(type);
            }
            await trial.SendAsync("""{"type":"krmx/ack","payload":{"received":2,"sent":0}}""");
            await trial.LoseAsync();
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Recovered(link, 2));
            await trial.HearsAsync("recover");
            await trial.IsQuietAsync();
        }),
        new("10 resume", "a gap is told before all else; what was not handled is sent in the new session", async trial =>
        {
            await trial.LinkAsync("resume");
            foreach (string type in (string[])["one", "two"])
            {
                await trial.Client.SendAsync(type);
                await trial.NextAsync(type);
            }
            await trial.LoseAsync();
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), "resume", ",\"recovered\":false,\"received\":1");
            await trial.HearsAsync("gap []", "unlink ann", "accept", "join ann", "link ann");
            await trial.NextAsync("two");
            await trial.IsQuietAsync();
        }),
        new("10 resume", "where nobody knows what was handled, the gap says which messages, and they are not sent again", async trial =>
        {
            await trial.LinkAsync("resume");
            await trial.Client.SendAsync("one", "1");
            await trial.NextAsync("one");
            await trial.LoseAsync();
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), "resume", ",\"recovered\":false");
            await trial.HearsAsync("""gap [{"type":"one","payload":1}]""", "unlink ann", "accept", "join ann", "link ann");
            await trial.IsQuietAsync();
        }),
        new("10 resume", "a client whose link is refused is told of the gap, and does not ask again", async trial =>
        {
            await trial.LinkAsync("resume");
            await trial.LoseAsync();
            await trial.NextAsync("krmx/link");
            await trial.SendAsync(Rejected("user ann has left"));
            await Patience.Until(() => trial.Client.Events.Contains("reject user ann has left"), "the refusal");
            Assert.Contains("gap []", trial.Client.Events);
            Assert.Contains("unlink ann", trial.Client.Events);
            await trial.UntilConnectedAsync();
            Task<string> linking = trial.Client.LinkAsync("bob");
            JsonObject link = await trial.NextAsync("krmx/link");
            Assert.Equal(("bob", false), ((string?)link["username"], link["resume"]!.AsObject().ContainsKey("session")));
            await trial.SendAsync(Rejected("no"));
            await linking;
        }),
        new("10 resume", "an ack comes within a second or so of what it is about, and says how much was received and sent", async trial =>
        {
            await trial.LinkAsync("resume");
            await trial.Client.SendAsync("mine");
            await trial.NextAsync("mine");
            await trial.SendAsync("""{"type":"one"}""", """{"type":"two"}""");
            JsonObject ack = await trial.NextAsync("krmx/ack");
            Assert.Equal((2, 1), ((int)ack["received"]!, (int)ack["sent"]!));
        }),
        .. new[] { """{"received":1,"sent":0}""", """{"received":0,"sent":1}""", "{}" }.Select(static ack =>
            new ClientRule("10 resume", $"an ack that cannot be ends the session: `{ack}`", async trial =>
            {
                await trial.LinkAsync("resume");
                await trial.SendAsync($$"""{"type":"krmx/ack","payload":{{ack}}}""", """{"type":"behind"}""");
                await trial.HearsAsync("""message {"type":"behind"}""");
                await trial.LoseAsync();
                Assert.False((await trial.NextAsync("krmx/link"))["resume"]!.AsObject().ContainsKey("session"));
            })),
        new("10 resume", "an unlink counts, and ends the session", async trial =>
        {
            await trial.LinkAsync("resume");
            Task<string> unlinking = trial.Client.UnlinkAsync();
            await trial.NextAsync("krmx/unlink");
            await trial.SendAsync("""{"type":"krmx/ack","payload":{"received":1,"sent":0}}""", Of("unlinked", "ann"));
            Assert.Equal("done", await unlinking);
            await trial.HearsAsync("unlink ann");
            Task<string> linking = trial.Client.LinkAsync("ann");
            JsonObject link = await trial.NextAsync("krmx/link");
            Assert.False(link["resume"]!.AsObject().ContainsKey("session"));
            await trial.AcceptAsync(link, "resume");
            Assert.Equal("done", await linking);
        }),
    ];

    private static string Recovered(JsonObject link, int received) => $$$"""
        {"type":"krmx/accepted","payload":{"extensions":["resume"],"session":{{{link["resume"]!["attempt"]}}},"recovered":true,"received":{{{received}}}}}
        """;
}
