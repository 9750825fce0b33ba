using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.State;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>A client of the npm packages with the game.</summary>
internal sealed class NpmGamePlayer(NpmPeer peer, string name, Uri server) : IGamePlayer
{
    private int _cuts;

    public string Name => name;

    public FaultProxy Proxy { get; } = new(server);

    public async Task LinkAsync()
    {
        await DoAsync("connect", ("url", Proxy.Uri.ToString()));
        await DoAsync("link");
    }

    public Task ActAsync(KrmxAction action) => DoAsync("act", ("action", Json(action)));

    public Task AppendAsync(KrmxAction appended) => DoAsync("append", ("event", Json(appended)));

    public Task SetAsync(string key, JsonNode atom) => DoAsync("set", ("key", key), ("atom", atom));

    public Task SendAsync(string json) => DoAsync("send", ("message", JsonNode.Parse(json)));

    public async Task RelinkAsync()
    {
        _cuts++;
        await Patience.Until(() => peer.Count("close", name) == _cuts, "the end of the connection");
        await LinkAsync();
    }

    public async Task<JsonObject> StateAsync()
    {
        JsonObject reply = await DoAsync("state");
        foreach (string member in (string[])["reply", "ok"])
            reply.Remove(member);
        return reply;
    }

    public async Task VerifyAsync() => NpmCounts.Verify(
        await DoAsync("counts"), "atom/set", "stream/append", "projection/set", "projection/delta", "projection/invalidate");

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    private static JsonObject Json(KrmxAction action)
    {
        var json = new JsonObject { ["type"] = action.Type };
        if (action.HasPayload)
            json["payload"] = JsonNode.Parse(action.Payload.Span);
        return json;
    }

    private Task<JsonObject> DoAsync(string command, params (string Name, JsonNode? Value)[] arguments)
    {
        var line = new JsonObject { ["client"] = name };
        foreach ((string argument, JsonNode? value) in arguments)
            line[argument] = value;
        return peer.DoAsync(command, line);
    }
}
