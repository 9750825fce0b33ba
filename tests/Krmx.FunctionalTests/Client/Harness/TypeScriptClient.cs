using System.Text.Json.Nodes;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>A client of this repository's TypeScript client in a process of Node.js; every call has to end.</summary>
/// <param name="node">The process, which runs <c>peers/typescript.mjs</c>.</param>
/// <param name="name">The client's name in that process.</param>
internal sealed class TypeScriptClient(NpmPeer node, string name)
{
    /// <summary>What it has told its application, a line each: the event, and what it carried.</summary>
    public string[] Events => [.. node.Events.Where(heard => (string?)heard["client"] == name).Select(Text)];

    public Task ConnectAsync(Uri uri) => DoAsync("connect", new JsonObject { ["url"] = uri.ToString() });

    public Task LinkAsync(string username, string? auth = null)
    {
        var link = new JsonObject { ["username"] = username };
        if (auth is not null)
            link["auth"] = auth;
        return DoAsync("link", link);
    }

    public Task UnlinkAsync() => DoAsync("unlink");

    public Task LeaveAsync() => DoAsync("leave");

    public Task DisconnectAsync() => DoAsync("disconnect");

    public Task SendAsync(string type, JsonNode? payload = null) =>
        DoAsync("send", new JsonObject { ["message"] = new JsonObject { ["type"] = type, ["payload"] = payload } });

    /// <summary>Its status, as the TypeScript client calls it.</summary>
    public async Task<string> StatusAsync() => (string)(await DoAsync("status"))["status"]!;

    /// <summary>The users it knows, with a star behind those that are linked.</summary>
    public async Task<string[]> UsersAsync() =>
        [.. (await DoAsync("status"))["users"]!.AsArray().Select(static user => $"{user!["username"]}{((bool)user["isLinked"]! ? "*" : "")}")];

    /// <summary>Waits for an event, as <see cref="Events"/> has it.</summary>
    public Task EventAsync(string line, int times = 1) => Patience.Until(
        () => Events.Count(heard => heard == line) >= times, () => $"'{line}' after {string.Join(", ", Events)}");

    /// <summary>Calls it, and waits until the call has ended as it must not.</summary>
    /// <returns>The code and the reason.</returns>
    public async Task<string> FailsAsync(string command, JsonObject? arguments = null)
    {
        JsonObject outcome = await CallAsync(command, arguments);
        Assert.True(outcome.ContainsKey("code"), outcome.ToJsonString());
        return $"{outcome["code"]}: {outcome["reason"]}";
    }

    /// <summary>Calls it, and waits until the call has succeeded.</summary>
    public async Task<JsonObject> DoAsync(string command, JsonObject? arguments = null)
    {
        JsonObject outcome = await CallAsync(command, arguments);
        Assert.False(outcome.ContainsKey("code"), outcome.ToJsonString());
        return outcome;
    }

    /// <summary>Calls it, and waits until the call has ended.</summary>
    public Task<JsonObject> CallAsync(string command, JsonObject? arguments)
    {
        arguments ??= [];
        arguments["client"] = name;
        return node.DoAsync(command, arguments);
    }

    private static string Text(JsonObject heard) => string.Join(
        ' ', heard.Where(static member => member.Key != "client").Select(static member => member.Value is JsonValue value ? value.ToString() : member.Value?.ToJsonString()));
}
