using System.Text.Json.Nodes;
using static Krmx.FunctionalTests.Client.Rules.ClientTrial;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>Frames, volatile messages and requests.</summary>
internal static class MessageRules
{
    public static ClientRule[] All { get; } =
    [
        new("2", "an absent payload and null are different, both ways", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync("""{"type":"absent"}""", """{"type":"null","payload":null}""", """{"type":"some","payload":{"a":[1,null]}}""");
            await trial.HearsAsync(
                """message {"type":"absent"}""", """message {"type":"null","payload":null}""", """message {"type":"some","payload":{"a":[1,null]}}""");
            await trial.Client.SendAsync("absent");
            await trial.Client.SendAsync("null", "null");
            Assert.False((await trial.NextAsync()).ContainsKey("payload"));
            JsonObject withNull = await trial.NextAsync();
            Assert.True(withNull.ContainsKey("payload") && withNull["payload"] is null);
        }),
        new("2", "frames that are no messages, and types of the protocol that nobody knows, are ignored", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync("no json", "[]", "7", "{}", """{"type":7}""", """{"type":"krmx/dance"}""", """{"type":"krmx/joined"}""");
            await trial.SendBinaryAsync();
            await trial.IsQuietAsync();
        }),
        new("2", "other members are ignored", async trial =>
        {
            await trial.LinkAsync();
            await trial.SendAsync("""{"more":{"type":"no"},"type":"one","payload":1,"volatil":true}""");
            await trial.HearsAsync("""message {"type":"one","payload":1}""");
        }),
        new("2", "an application that sends a type of the protocol's gets an error, and nothing is sent", async trial =>
        {
            await trial.LinkAsync();
            Assert.Equal("invalid", await trial.Client.SendAsync("krmx/leave"));
            await trial.IsQuietAsync();
        }),
        new("2", "messages of the application before the link is made are ignored", async trial =>
        {
            await trial.ConnectAsync();
            await trial.SendAsync("""{"type":"early"}""", Of("joined", "bob"), """{"type":"krmx/accepted"}""");
            Task<string> linking = trial.Client.LinkAsync("ann");
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), null);
            Assert.Equal("done", await linking);
            await trial.HearsAsync("accept", "join ann", "link ann");
        }),
        new("10 volatile", "a volatile message says so, and counts for nothing", async trial =>
        {
            await trial.LinkAsync("resume");
            Assert.Equal("done", await trial.Client.SendVolatileAsync("pointer"));
            JsonObject pointer = await trial.NextAsync();
            Assert.Equal(("pointer", true), ((string?)pointer["type"], (bool)pointer["volatile"]!));
            await trial.SendAsync("""{"type":"one"}""");
            Assert.Equal(0, (int)(await trial.NextAsync("krmx/ack"))["sent"]!);
        }),
        new("10 volatile", "a volatile message is not sent while the connection is away, nor afterwards", async trial =>
        {
            JsonObject link = await trial.LinkAsync("resume");
            await trial.LoseAsync();
            await trial.NextAsync("krmx/link");
            Assert.Equal("done", await trial.Client.SendVolatileAsync("pointer"));
            await trial.SendAsync($$$"""
                {"type":"krmx/accepted","payload":{"extensions":["resume"],"session":{{{link["resume"]!["attempt"]}}},"recovered":true,"received":0}}
                """);
            await trial.HearsAsync("recover");
            await trial.IsQuietAsync();
        }),
        new("10 requests", "a request has an id, its type and its payload, and ends with the answer to its id", async trial =>
        {
            await trial.LinkAsync();
            Task<string> first = trial.Client.RequestAsync("seat/take", "4"), second = trial.Client.RequestAsync("seat/leave");
            JsonObject[] asked = [await trial.NextAsync("request/ask"), await trial.NextAsync("request/ask")];
            JsonObject take = asked.Single(static request => (string?)request["type"] == "seat/take");
            JsonObject leave = asked.Single(static request => (string?)request["type"] == "seat/leave");
            Assert.Equal((4, false), ((int)take["payload"]!, leave.ContainsKey("payload")));
            Assert.NotEqual((string)take["id"]!, (string)leave["id"]!);
            Assert.All(asked, static request => Assert.InRange(((string)request["id"]!).Length, 1, 128));
            await trial.SendAsync(
                """{"type":"request/answer","payload":{"id":"nobody's","payload":0}}""",
                $$$"""{"type":"request/refuse","payload":{"id":"{{{leave["id"]}}}","reason":"stay"}}""");
            Assert.Equal("refused: stay", await second);
            Assert.False(first.IsCompleted);
            await trial.SendAsync($$$$"""{"type":"request/answer","payload":{"id":"{{{{take["id"]}}}}","payload":{"seat":4}}}""");
            Assert.Equal("""{"seat":4}""", await first);
        }),
        new("10 requests", "a request ends with its link, and is not sent again where the link begins anew", async trial =>
        {
            await trial.LinkAsync("resume");
            Task<string> request = trial.Client.RequestAsync("seat/take");
            await trial.NextAsync("request/ask");
            await trial.LoseAsync();
            await trial.AcceptAsync(await trial.NextAsync("krmx/link"), "resume", ",\"recovered\":false,\"received\":0");
            Assert.Equal("disconnected", await request);
            await trial.HearsAsync("gap []", "unlink ann", "accept", "join ann", "link ann");
            await trial.IsQuietAsync();
        }),
    ];
}
