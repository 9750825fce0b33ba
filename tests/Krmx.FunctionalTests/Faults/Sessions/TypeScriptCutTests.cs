using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>The TypeScript client over connections that are cut after every byte of a link, its messages and acks, and of the resume and the replay that follow.</summary>
public class TypeScriptCutTests(ITestOutputHelper output)
{
    private const int Messages = 3, AtOnce = 8;
    private const int Handshake = 100; // at least so many bytes come before the first frame, in both directions

    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _heardByRoom = new();
    private readonly ConcurrentDictionary<string, int> _requests = new();

    [Theory]
    [MemberData(nameof(SessionCutTests.Cuts), MemberType = typeof(SessionCutTests))]
    public async Task Cut_AfterEveryByte_LosesAndDoublesNothing(bool isToClient, CutManner manner)
    {
        await using TestServer server = await new TestServer { Configure = SetUp }.StartAsync();
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");
        int recovered = 0, runs = 0;
        await Parallel.ForAsync(0, AtOnce, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (worker, _) =>
        {
            await using var proxy = new FaultProxy(new Uri($"ws://127.0.0.1:{server.Port}/krmx"));
            bool wasCut = true;
            for (int cut = Handshake + worker; wasCut; cut += AtOnce)
            {
                proxy.Faults = new ProxyFaults { CutAfter = cut, CountsToClient = isToClient, Manner = manner };
                proxy.Spare(after: 2);
                string username = $"user{cut}";
                JsonObject talk = await node.DoAsync(
                    "talk", new JsonObject { ["url"] = proxy.Uri.ToString(), ["username"] = username, ["messages"] = Messages });
                int[] all = [.. Enumerable.Range(1, Messages)];
                Assert.Equal(all, talk["heard"]!.AsArray().Select(static number => (int)number!));
                Assert.Equal(all, _heardByRoom[username]);
                Assert.Equal(2 * Messages, (int)talk["doubled"]!);
                Assert.Equal(1, _requests[username]);
                Assert.Equal(0, (int)talk["gaps"]!);
                Interlocked.Add(ref recovered, (int)talk["recovered"]!);
                Interlocked.Increment(ref runs);
                wasCut = (bool)talk["wasCut"]!;
                await server.Room.InvokeAsync(() =>
                {
                    server.Room.Kick(username); // so that those who come next are not told of ever more users
                    return true;
                });
            }
        });
        output.WriteLine($"{runs} cuts of connections {(isToClient ? "to the client" : "to the server")} ({manner}): {recovered} times recovered");
        Assert.True(runs > 100 && recovered > runs / 4, $"{runs} runs, {recovered} times recovered");
    }

    private void SetUp(KrmxRoom room)
    {
        room.OnLink((user, link) =>
        {
            if (!link.IsRecovered)
                room.Send(user.Name, "welcome");
        });
        room.OnRequest<int, int>("double", (user, number) =>
        {
            _requests.AddOrUpdate(user.Name, 1, static (_, count) => count + 1);
            return 2 * number;
        });
        room.OnMessage<int>("up", (user, number) =>
        {
            _heardByRoom.GetOrAdd(user.Name, static _ => []).Enqueue(number);
            room.Send(user.Name, "down", number);
        });
    }
}
