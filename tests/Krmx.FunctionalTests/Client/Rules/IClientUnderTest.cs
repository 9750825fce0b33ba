using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>A client that rules are tried on. A call ends in <c>done</c>, an answer, or why it failed: a word, and the server's reason where it gave one.</summary>
internal interface IClientUnderTest : IAsyncDisposable
{
    /// <summary>What it has told its application, a line each.</summary>
    IReadOnlyList<string> Events { get; }

    /// <summary>Whether it is connected, without a user.</summary>
    Task<bool> IsConnectedAsync();

    Task<string> ConnectAsync(Uri uri);

    Task<string> LinkAsync(string username, string? auth = null);

    Task<string> UnlinkAsync();

    Task<string> LeaveAsync();

    Task<string> SendAsync(string type, string? payload = null);

    Task<string> SendVolatileAsync(string type);

    Task<string> RequestAsync(string type, string? payload = null);
}

/// <summary>The .NET client.</summary>
internal sealed class DotNetClient : IClientUnderTest
{
    private readonly KrmxClient _client = new(Expect.Hasty);
    private readonly ConcurrentQueue<string> _events = [];

    public DotNetClient()
    {
        _client.OnAccept(() => _events.Enqueue("accept"));
        _client.OnReject(reason => _events.Enqueue($"reject {reason}"));
        _client.OnJoin(name => _events.Enqueue($"join {name}"));
        _client.OnLink(name => _events.Enqueue($"link {name}"));
        _client.OnUnlink(name => _events.Enqueue($"unlink {name}"));
        _client.OnLeave(name => _events.Enqueue($"leave {name}"));
        _client.OnUserMeta((name, meta) => _events.Enqueue($"meta {name} {meta}".TrimEnd()));
        _client.OnUserCount(count => _events.Enqueue($$"""count {"users":{{count.Users}},"linked":{{count.Linked}}}"""));
        _client.OnMessage(message => _events.Enqueue($"message {Told(message)}"));
        _client.OnRecover(() => _events.Enqueue("recover"));
        _client.OnGap(gap => _events.Enqueue($"gap [{string.Join(',', gap.Unconfirmed)}]"));
    }

    public IReadOnlyList<string> Events => [.. _events];

    public Task<bool> IsConnectedAsync() => Task.FromResult(_client.Status == ClientStatus.Connected);

    public Task<string> ConnectAsync(Uri uri) => OutcomeAsync(_client.ConnectAsync(uri));

    public Task<string> LinkAsync(string username, string? auth = null) => OutcomeAsync(_client.LinkAsync(username, auth));

    public Task<string> UnlinkAsync() => OutcomeAsync(_client.UnlinkAsync());

    public Task<string> LeaveAsync() => OutcomeAsync(_client.LeaveAsync());

    public Task<string> SendAsync(string type, string? payload = null) => OutcomeAsync(_client.SendAsync(Message(type, payload)));

    public Task<string> SendVolatileAsync(string type) => OutcomeAsync(_client.SendVolatileAsync(Message(type, null)));

    public Task<string> RequestAsync(string type, string? payload = null) =>
        OutcomeAsync(_client.RequestAsync<JsonNode?>(Message(type, payload)));

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static KrmxMessage Message(string type, string? payload) =>
        payload is null ? new KrmxMessage(type) : KrmxMessage.FromJson(type, System.Text.Encoding.UTF8.GetBytes(payload));

    /// <summary>A message without the mark of what is volatile, which the other client does not tell.</summary>
    private static KrmxMessage Told(KrmxMessage message) =>
        message.HasPayload ? KrmxMessage.FromJson(message.Type, message.Payload) : new KrmxMessage(message.Type);

    private static async Task<string> OutcomeAsync(Task call)
    {
        try
        {
            await call.Soon();
            return call is Task<JsonNode?> { Result: JsonNode answer } ? answer.ToJsonString() : "done";
        }
        catch (KrmxLinkRejectedException rejection)
        {
            return $"rejected: {rejection.Reason}";
        }
        catch (KrmxRequestRefusedException refusal)
        {
            return $"refused: {refusal.Reason}";
        }
        catch (KrmxException failure)
        {
            return failure switch
            {
                KrmxTimeoutException => "timeout",
                KrmxDisconnectedException => "disconnected",
                _ => "invalid",
            };
        }
    }
}

/// <summary>The TypeScript client, in a process of Node.js.</summary>
internal sealed class NodeClient(TypeScriptClient client) : IClientUnderTest
{
    private static readonly string[] Untold = ["connect", "close"];

    public IReadOnlyList<string> Events => [.. client.Events.Where(
        static line => !Untold.Contains(line) && !line.StartsWith("warning", StringComparison.Ordinal))];

    public async Task<bool> IsConnectedAsync() => await client.StatusAsync() == "connected";

    public Task<string> ConnectAsync(Uri uri) => OutcomeAsync("connect", new JsonObject { ["url"] = uri.ToString() });

    public Task<string> LinkAsync(string username, string? auth = null) => OutcomeAsync(
        "link", auth is null ? new JsonObject { ["username"] = username } : new JsonObject { ["username"] = username, ["auth"] = auth });

    public Task<string> UnlinkAsync() => OutcomeAsync("unlink", []);

    public Task<string> LeaveAsync() => OutcomeAsync("leave", []);

    public Task<string> SendAsync(string type, string? payload = null) => OutcomeAsync("send", new JsonObject { ["message"] = Message(type, payload) });

    public Task<string> SendVolatileAsync(string type) => OutcomeAsync("sendVolatile", new JsonObject { ["message"] = Message(type, null) });

    public Task<string> RequestAsync(string type, string? payload = null) => OutcomeAsync("request", Message(type, payload));

    public async ValueTask DisposeAsync() => await client.CallAsync("disconnect", []);

    private static JsonObject Message(string type, string? payload)
    {
        var message = new JsonObject { ["type"] = type };
        if (payload is not null)
            message["payload"] = JsonNode.Parse(payload);
        return message;
    }

    private async Task<string> OutcomeAsync(string command, JsonObject arguments)
    {
        JsonObject outcome = await client.CallAsync(command, arguments);
        return (string?)outcome["code"] switch
        {
            null => outcome["value"]?.ToJsonString() ?? "done",
            "rejected" or "refused" => $"{outcome["code"]}: {outcome["reason"]}",
            "timeout" or "disconnected" => (string)outcome["code"]!,
            _ => "invalid",
        };
    }
}
