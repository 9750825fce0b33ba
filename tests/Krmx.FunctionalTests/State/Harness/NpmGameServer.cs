using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>The npm packages' server with the game.</summary>
internal sealed class NpmGameServer : IGameServer
{
    private readonly NpmPeer _peer;

    private NpmGameServer(NpmPeer peer, Uri uri)
    {
        _peer = peer;
        Uri = uri;
    }

    public Uri Uri { get; }

    /// <param name="relays">Whether the server sends on what it was sent as it is, members included that it does not know.</param>
    public static async Task<NpmGameServer> StartAsync(bool relays)
    {
        NpmPeer peer = NpmPeer.Start("peers-state/state-server.mjs", new JsonObject { ["relays"] = relays });
        JsonObject listening = await peer.EventAsync("listen");
        return new NpmGameServer(peer, new Uri($"ws://127.0.0.1:{(int)listening["port"]!}/"));
    }

    public async Task<JsonObject> StateAsync(string username)
    {
        JsonObject reply = await _peer.DoAsync("state", new JsonObject { ["username"] = username });
        return new JsonObject
        {
            ["view"] = reply["view"]!.DeepClone(),
            ["board"] = reply["board"]!.DeepClone(),
            ["atoms"] = reply["atoms"]!.DeepClone(),
        };
    }

    public async Task<bool> IsLinkedAsync(string username) =>
        (await _peer.DoAsync("users"))["linked"]!.AsArray().Any(linked => (string?)linked == username);

    public async Task VerifyAsync() => NpmCounts.Verify(await _peer.DoAsync("counts"), "atom/set", "stream/append", "projection/action");

    public ValueTask DisposeAsync() => _peer.DisposeAsync();
}
