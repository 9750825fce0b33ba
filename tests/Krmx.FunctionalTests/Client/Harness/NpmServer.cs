using System.Text.Json.Nodes;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>The npm package <c>@krmx/server</c>, driven through tests/peers/server.mjs.</summary>
internal sealed class NpmServer : IAsyncDisposable
{
    private readonly NpmPeer _peer;

    private NpmServer(NpmPeer peer, Uri uri)
    {
        _peer = peer;
        Uri = uri;
    }

    public Uri Uri { get; }

    public static async Task<NpmServer> StartAsync(JsonObject? options = null)
    {
        NpmPeer peer = NpmPeer.Start("peers/server.mjs", options);
        JsonObject listening = await peer.EventAsync("listen");
        return new NpmServer(peer, new Uri($"ws://127.0.0.1:{(int)listening["port"]!}/"));
    }

    /// <inheritdoc cref="NpmPeer.EventAsync"/>
    public Task<JsonObject> EventAsync(string name) => _peer.EventAsync(name);

    /// <inheritdoc cref="NpmPeer.DoAsync"/>
    public Task<JsonObject> DoAsync(string command, JsonObject arguments) => _peer.DoAsync(command, arguments);

    /// <inheritdoc cref="NpmPeer.KillAsync"/>
    public Task KillAsync() => _peer.KillAsync();

    public ValueTask DisposeAsync() => _peer.DisposeAsync();
}
