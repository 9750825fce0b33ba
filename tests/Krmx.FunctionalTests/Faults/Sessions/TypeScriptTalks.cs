using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>Talks of the TypeScript client with a room, as tests/peers/talk.mjs has them, and the check of what was heard on both sides.</summary>
internal sealed class TypeScriptTalks
{
    private const int Messages = 3, AtOnce = 8;
    private const int Handshake = 100; // at least so many bytes come before the first frame, in both directions

    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _heardByRoom = new();
    private readonly ConcurrentDictionary<string, int> _requests = new();
    private int _recovered, _runs;

    public int Recovered => _recovered;

    public int Runs => _runs;

    /// <summary>Sets up the room.</summary>
    public void SetUp(KrmxRoom room)
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

    /// <summary>Has a client talk for each place at which its first two connections are cut, until a cut would come behind all that is said.</summary>
    /// <param name="server">The server, with the room.</param>
    /// <param name="talk">Has one client talk.</param>
    /// <param name="isToClient">Which bytes count.</param>
    /// <param name="manner">What a cut is.</param>
    /// <param name="step">How many bytes later each cut comes.</param>
    public Task CutAsync(TestServer server, Func<JsonObject, Task<JsonObject>> talk, bool isToClient, CutManner manner, int step) =>
        Parallel.ForAsync(0, AtOnce, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (worker, _) =>
        {
            await using var proxy = new FaultProxy(new Uri($"ws://127.0.0.1:{server.Port}/krmx"));
            bool wasCut = true;
            for (int cut = Handshake + (worker * step); wasCut; cut += AtOnce * step)
            {
                proxy.Faults = new ProxyFaults { CutAfter = cut, CountsToClient = isToClient, Manner = manner };
                proxy.Spare(after: 2);
                string username = $"user{cut}";
                wasCut = Judge(username, await talk(new JsonObject
                {
                    ["url"] = proxy.Uri.ToString(),
                    ["username"] = username,
                    ["messages"] = Messages,
                }));
                await server.Room.InvokeAsync(() =>
                {
                    server.Room.Kick(username); // so that those who come next are not told of ever more users
                    return true;
                });
            }
        });

    public override string ToString() => $"{_runs} clients whose connections were cut, {_recovered} times recovered";

    /// <returns>Whether a connection was cut.</returns>
    private bool Judge(string username, JsonObject talk)
    {
        int[] all = [.. Enumerable.Range(1, Messages)];
        Assert.Equal(all, talk["heard"]!.AsArray().Select(static number => (int)number!));
        Assert.Equal(all, _heardByRoom[username]);
        Assert.Equal(2 * Messages, (int)talk["doubled"]!);
        Assert.Equal(1, _requests[username]);
        Assert.Equal(0, (int)talk["gaps"]!);
        Interlocked.Add(ref _recovered, (int)talk["recovered"]!);
        Interlocked.Increment(ref _runs);
        return (bool)talk["wasCut"]!;
    }
}
