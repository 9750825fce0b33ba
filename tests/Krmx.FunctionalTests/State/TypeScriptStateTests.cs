using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.State;

/// <summary>The TypeScript client's projections over real sockets.</summary>
public class TypeScriptStateTests
{
    [Fact]
    public async Task Dispatch_IsAcceptedOrRefusedWithTheReason_AndTheViewIsTheServers()
    {
        (KrmxServer server, Uri uri, _) = await Tally.ServeAsync();
        await using KrmxServer closing = server;
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");

        JsonObject told = await node.DoAsync("dispatch", new JsonObject
        {
            ["url"] = uri.ToString(),
            ["username"] = "alice",
            ["domain"] = "tally",
            ["actions"] = new JsonArray([.. new[] { 1, 10, 9, 0, 2 }.Select(static number => new JsonObject { ["type"] = "add", ["payload"] = number })]),
        });

        Assert.Equal(
            ["accepted", "refused: no more than 9", "refused: that is enough", "accepted", "accepted"],
            told["outcomes"]!.AsArray().Select(static outcome => (string)outcome!));
        Assert.Equal(KrmxMessage.Create("view", new TallyView(3, 3)).ToString(), KrmxMessage.Create("view", told["view"]).ToString());
    }
}
