using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>A trial of a rule: a client, and the server's side of its connections in the hands of the rule.</summary>
internal sealed class ClientTrial : IAsyncDisposable
{
    private readonly Channel<ServerConnection> _connections = Channel.CreateUnbounded<ServerConnection>();
    private readonly ScriptedServer _server;
    private ServerConnection? _connection;
    private int _heard;

    public ClientTrial(IClientUnderTest client)
    {
        Client = client;
        _server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            _connections.Writer.TryWrite(connection);
            await connection.WaitForeverAsync();
        });
    }

    public IClientUnderTest Client { get; }

    /// <summary>Has the client connect.</summary>
    public async Task ConnectAsync()
    {
        Task<string> connecting = Client.ConnectAsync(_server.Uri);
        await TakeConnectionAsync();
        Assert.Equal("done", await connecting);
    }

    /// <summary>Has the client connect and link as <c>ann</c>, on a server that grants an extension or none.</summary>
    /// <returns>The payload of its link.</returns>
    public async Task<JsonObject> LinkAsync(string? extension = null)
    {
        await ConnectAsync();
        Task<string> linking = Client.LinkAsync("ann");
        JsonObject link = await NextAsync("krmx/link");
        await AcceptAsync(link, extension);
        Assert.Equal("done", await linking);
        await HearsAsync("accept", "join ann", "link ann");
        return link;
    }

    /// <summary>Accepts a link for <c>ann</c>, who begins anew.</summary>
    public async Task AcceptAsync(JsonObject link, string? extension, string? more = null)
    {
        if (extension is null)
        {
            await SendAsync("""{"type":"krmx/accepted"}""", Of("joined", "ann"), Of("linked", "ann"));
            return;
        }
        string session = extension == "resume" ? $",\"session\":{link["resume"]!["attempt"]}{more}" : "";
        await SendAsync(
            $$$"""{"type":"krmx/accepted","payload":{"extensions":["{{{extension}}}"]{{{session}}}}}""",
            """{"type":"krmx/users","payload":{"users":[["ann",true]]}}""",
            """{"type":"krmx/ready"}""");
    }

    /// <summary>A message of the protocol that names a user.</summary>
    public static string Of(string type, string username) => $$$"""{"type":"krmx/{{{type}}}","payload":{"username":"{{{username}}}"}}""";

    public static string Rejected(string reason) => $$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""";

    public async Task SendAsync(params string[] frames)
    {
        foreach (string frame in frames)
            await _connection!.SendAsync(frame);
    }

    public Task SendBinaryAsync() => _connection!.WebSocket.SendAsync(
        "{}"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    /// <summary>The next frame of the client, which must be of a type.</summary>
    /// <returns>Its payload; empty where it has none.</returns>
    public async Task<JsonObject> NextAsync(string type)
    {
        JsonObject frame = await NextAsync();
        Assert.True((string)frame["type"]! == type, $"{frame.ToJsonString()} came, and no {type}");
        return frame["payload"] as JsonObject ?? [];
    }

    /// <summary>The next frame of the client.</summary>
    public async Task<JsonObject> NextAsync() => JsonNode.Parse(await _connection!.ReceiveAsync().Soon())!.AsObject();

    /// <summary>Waits until the application was told all of this, and nothing else.</summary>
    public async Task HearsAsync(params string[] lines)
    {
        await Patience.Until(
            () => Client.Events.Count >= _heard + lines.Length, () => $"{string.Join(", ", lines)} after {string.Join(", ", Client.Events)}");
        Assert.Equal(lines, Client.Events.Skip(_heard));
        _heard += lines.Length;
    }

    /// <summary>Has the client prove that it has sent nothing so far, and was told nothing.</summary>
    public async Task IsQuietAsync()
    {
        Assert.Equal("done", await Client.SendAsync("marker"));
        await NextAsync("marker");
        await SendAsync("""{"type":"marked"}""");
        await HearsAsync("""message {"type":"marked"}""");
    }

    /// <summary>Closes the connection with a code, and ends it when the client has answered.</summary>
    public async Task CloseAsync(int code)
    {
        await _connection!.WebSocket.CloseOutputAsync((WebSocketCloseStatus)code, "", CancellationToken.None);
        await _connection.DrainAsync().Soon();
        _connection.Dispose();
    }

    /// <summary>Loses the connection, and waits for the next.</summary>
    public async Task LoseAsync()
    {
        _connection!.Dispose();
        await TakeConnectionAsync();
    }

    /// <summary>Waits until the client knows that it is connected, without a user.</summary>
    public Task UntilConnectedAsync() => Patience.Until(Client.IsConnectedAsync, "the client is connected");

    public async Task TakeConnectionAsync() => _connection = await _connections.Reader.ReadAsync().AsTask().Soon();

    /// <summary>Whether there was another connection.</summary>
    public bool HasConnectedAgain => _connections.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await _server.DisposeAsync();
        await Client.DisposeAsync();
    }
}
