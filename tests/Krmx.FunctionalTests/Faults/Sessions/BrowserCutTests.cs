using System.Text.Json;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Browser;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>
/// The client as servers serve it, in Chromium, many in one page: connections that are cut after bytes of a link, its messages, the resume and the replay, and
/// servers that die. Every call ends, and no promise is rejected that nobody looks at.
/// </summary>
public sealed class BrowserCutTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Html = """
        <!doctype html>
        <script type="module">
          import { createClient } from './_content/Krmx.AspNetCore/krmx.js';
          import { persist, talk } from './talk.mjs';
          const failures = [];
          const options = {
            reconnect: { minDelay: 1, maxDelay: 20 },
            onWarning: (text, error) => failures.push(`${text} ${error ?? ''}`),
          };
          addEventListener('unhandledrejection', event => failures.push(String(event.reason)));
          addEventListener('error', event => failures.push(event.message));
          Object.assign(window, {
            failures,
            talk: command => talk(createClient(options), command),
            persist: command => persist(createClient(options), command, () => window.isOver),
          });
        </script>
        """;

    private readonly TypeScriptTalks _talks = new();
    private TestServer _server = null!;
    private Chromium _chromium = null!;
    private IPage _page = null!;

    public async ValueTask InitializeAsync()
    {
        _server = new TestServer { Configure = _talks.SetUp };
        _server.Map = app =>
        {
            app.MapKrmx("/krmx", _server.SetUp);
            app.MapGet("/", static context => Serve(context, "text/html", Html));
            app.MapGet("/talk.mjs", static context => Serve(context, "text/javascript", File.ReadAllText(RepositoryFile.Path("tests/peers/talk.mjs"))));
            app.MapGet("/_content/Krmx.AspNetCore/krmx.js", static context =>
                Serve(context, "text/javascript", File.ReadAllText(RepositoryFile.Path("src/Krmx.AspNetCore/wwwroot/krmx.js"))));
        };
        await _server.StartAsync();
        _chromium = await Chromium.StartAsync();
        _page = await _chromium.OpenAsync($"http://127.0.0.1:{_server.Port}/", 800, 600);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal("[]", await _page.EvaluateAsync<string>("() => JSON.stringify(failures)"));
        await _chromium.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(SessionCutTests.Cuts), MemberType = typeof(SessionCutTests))]
    public Task Cut_LosesAndDoublesNothing(bool isToClient, CutManner manner) => CutAsync(isToClient, manner, step: 19);

    /// <summary>Takes minutes; Node.js does the same in every run.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(SessionCutTests.Cuts), MemberType = typeof(SessionCutTests))]
    public Task CutAfterEveryByte_LosesAndDoublesNothing(bool isToClient, CutManner manner) => CutAsync(isToClient, manner, step: 1);

    [Theory]
    [InlineData(nameof(Signal.Kill))]
    [InlineData(nameof(Signal.Terminate))]
    public async Task Server_ThatDies_HasHandledWhatWasSaidOnceAndInOrder_OrTheGapSaysSo(string signal)
    {
        const int Clients = 4, Deaths = 2;
        PeerProcess server = await PeerProcess.StartServerAsync();
        try
        {
            Task<JsonObject>[] talks = [.. Enumerable.Range(0, Clients).Select(i => InPageAsync(
                "persist", new JsonObject { ["url"] = server.Uri.ToString(), ["username"] = $"user{i}" }))];
            for (int death = 0; death < Deaths; death++)
            {
                await UntilLinkedAsync(server, Clients);
                await server.SendAsync(Enum.Parse<Signal>(signal));
                await server.WaitForExitAsync();
                int port = server.Port;
                await server.DisposeAsync();
                server = await PeerProcess.StartServerAsync(port);
            }
            await UntilLinkedAsync(server, Clients);
            await _page.EvaluateAsync("() => { window.isOver = true; }");
            foreach (JsonObject talk in await Task.WhenAll(talks))
                Judge(talk, Deaths);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task CutAsync(bool isToClient, CutManner manner, int step)
    {
        await _talks.CutAsync(_server, command => InPageAsync("talk", command), isToClient, manner, step);
        output.WriteLine(_talks.ToString());
        Assert.True(_talks.Runs > 20 && _talks.Recovered > _talks.Runs / 8, _talks.ToString());
    }

    private static async Task UntilLinkedAsync(PeerProcess server, int count) => await Patience.Until(
        async () => (await server.StatsAsync()).Linked == count, $"{count} users are linked");

    private void Judge(JsonObject talk, int deaths)
    {
        int[] heard = Numbers("heard"), unconfirmed = Numbers("unconfirmed");
        output.WriteLine($"{talk["said"]} said, {heard.Length} heard, {unconfirmed.Length} of unknown fate");
        Assert.Equal(heard.Order().Distinct(), heard);
        Assert.Equal(Enumerable.Range(1, heard[^1]), heard.Concat(unconfirmed).Distinct().Order().TakeWhile(number => number <= heard[^1]));
        Assert.True((int)talk["closes"]! > deaths);
        Assert.All(talk["requests"]!.AsArray(), static code => Assert.Contains((string)code!, (string[])["timeout", "disconnected"]));

        int[] Numbers(string name) => [.. talk[name]!.AsArray().Select(static number => (int)number!)];
    }

    private static Task Serve(HttpContext context, string type, string content)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(content);
    }

    private async Task<JsonObject> InPageAsync(string what, JsonObject command) => JsonNode.Parse(
        await _page.EvaluateAsync<string>($"async text => JSON.stringify(await {what}(JSON.parse(text)))", command.ToJsonString()).Soon())!.AsObject();
}
