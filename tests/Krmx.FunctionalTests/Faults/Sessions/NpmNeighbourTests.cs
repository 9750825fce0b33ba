using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>A client of npm in a room whose other clients have sessions, and lose their connections over and over: it notices nothing of sessions.</summary>
public class NpmNeighbourTests
{
    private const int Cuts = 20;
    private static readonly string[] Others = ["lisa", "simon"];

    [Fact]
    public async Task ClientOfNpm_IsToldWhatItIsToldInARoomWithoutSessions()
    {
        string[] without = await ListenAsync(hasSessions: false), with = await ListenAsync(hasSessions: true);
        Assert.Equal(without, with);
    }

    /// <summary>Has others lose their connection while all talk.</summary>
    /// <returns>All that the client of npm was told.</returns>
    private static async Task<string[]> ListenAsync(bool hasSessions)
    {
        var heard = new List<string>(); // by the room, of the client of npm
        var news = new ConcurrentQueue<int>(); // by the others
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnMessage<string>("say", (user, text) =>
            {
                if (user.Name == "nora")
                    heard.Add(text);
                room.Broadcast("said", new[] { user.Name, text });
            }),
            Options = options => options.Sessions.Enabled = hasSessions,
        }.StartAsync();
        await using NpmPeer npm = NpmPeer.Start("peers/client.mjs");
        await npm.DoAsync("connect", new() { ["client"] = "npm", ["url"] = $"ws://127.0.0.1:{server.Port}/krmx" });
        await npm.DoAsync("link", new() { ["client"] = "npm", ["username"] = "nora" });
        var proxies = new List<FaultProxy>();
        var clients = new List<KrmxClient>();
        foreach (string username in Others)
        {
            proxies.Add(new FaultProxy(new Uri($"ws://127.0.0.1:{server.Port}/krmx")));
            clients.Add(new KrmxClient(Expect.Hasty));
            clients[^1].OnMessage<int>("news", news.Enqueue);
            await clients[^1].ConnectAsync(proxies[^1].Uri).Soon();
            await clients[^1].LinkAsync(username).Soon();
            Assert.Equal(hasSessions, clients[^1].HasSession);
            await HearsAsync(npm, "link", _ => true, proxies.Count + 1);
        }
        for (int cut = 0; cut < Cuts; cut++)
        {
            (FaultProxy proxy, KrmxClient client) = (proxies[cut % Others.Length], clients[cut % Others.Length]);
            await client.SendAsync("say", $"before {cut}");
            await HearsAsync(npm, "message", said => said.EndsWith($"before {cut}\"]", StringComparison.Ordinal), 1);
            proxy.IsDown = true;
            proxy.Cut();
            await HearsAsync(npm, "unlink", _ => true, cut + 1);
            await server.Room.InvokeAsync(() => server.Room.Broadcast("news", cut));
            await npm.DoAsync("send", new()
            {
                ["client"] = "npm",
                ["message"] = new JsonObject { ["type"] = "say", ["payload"] = $"meanwhile {cut}" },
            });
            await HearsAsync(npm, "message", said => said.EndsWith($"meanwhile {cut}\"]", StringComparison.Ordinal), 1);
            proxy.IsDown = false;
            await HearsAsync(npm, "link", _ => true, Others.Length + 1 + cut + 1);
        }

        // Whoever was away has had what was said then, or nothing of it.
        int expected = hasSessions ? Others.Length * Cuts : Cuts;
        await Patience.Until(
            () => news.Count == expected && clients.TrueForAll(client => client.Status == ClientStatus.Linked),
            () => $"both are back and have heard {expected} messages; they have {news.Count}");
        string[] log = [.. npm.Events.Select(Describe)];
        foreach (KrmxClient client in clients)
            await client.DisposeAsync();
        foreach (FaultProxy proxy in proxies)
            await proxy.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, Cuts).Select(cut => $"meanwhile {cut}"), heard);
        return log;
    }

    private static Task HearsAsync(NpmPeer npm, string name, Predicate<string> isIt, int times) => Patience.Until(
        () => npm.Events.Count(heard => (string?)heard["event"] == name && isIt($"{heard["message"]?["payload"]?.ToJsonString()}")) == times,
        $"{name}, {times} times");

    private static string Describe(JsonObject heard) => $"{heard["event"]} {heard["username"]}{heard["message"]?.ToJsonString()}".Trim();
}
