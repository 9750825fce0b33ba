using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The chat sample in a real browser: what newcomers are told, and what those who come back have missed.</summary>
public sealed class ChatSessionTests() : BrowserTests("Chat", "Chat")
{
    [Fact]
    public async Task Newcomer_IsToldWhatWasSaidLast()
    {
        await using KrmxClient anna = await LinkAsync("anna");
        var heard = new ConcurrentQueue<string>();
        anna.OnMessage<JsonObject>("chat/messaged", said => heard.Enqueue((string)said["text"]!));
        for (int number = 1; number <= 60; number++)
            await anna.SendAsync("chat/message", $"number {number}");
        await Patience.Until(() => heard.Count == 60, "the server has handled sixty messages");

        ChatPage lisa = await OpenAsync(390, 844);
        await lisa.JoinAsync("lisa");

        await lisa.SeesMessagesAsync([.. Enumerable.Range(11, 50).Select(number => $"number {number}")]);
        await lisa.SeesTextAsync("#log > :last-child", "You are here as lisa");
        await Assertions.Expect(lisa.Page.Locator("#log time")).ToHaveCountAsync(0);
        await lisa.PhotographAsync("history-narrow");
    }

    [Fact]
    public async Task LongMessages_AreNotAllKept()
    {
        await using KrmxClient anna = await LinkAsync("anna");
        var heard = new ConcurrentQueue<string>();
        anna.OnMessage<JsonObject>("chat/messaged", said => heard.Enqueue((string)said["text"]!));
        string[] messages = [new('1', 30_000), new('2', 30_000), "short", new('3', 50_001), "last"];
        foreach (string text in messages[..3])
            await anna.SendAsync("chat/message", text);
        await Patience.Until(() => heard.Count == 3, "the server has handled three messages");
        Assert.Equal([messages[1], messages[2]], await HistoryAsync("bert"));
        foreach (string text in messages[3..])
            await anna.SendAsync("chat/message", text);
        await Patience.Until(() => heard.Count == 5, "the server has handled five messages");
        Assert.Equal([messages[4]], await HistoryAsync("cleo"));
    }

    [Theory]
    [InlineData(1280, 800, "wide")]
    [InlineData(390, 844, "narrow")]
    public async Task Drop_WithMessagesBothWays_MissesAndDoublesNothing(int width, int height, string size)
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.JoinAsync("simon");
        ChatPage lisa = await OpenAsync(width, height);
        await lisa.JoinAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await simon.SayAsync("Are you there?");
        await lisa.SeesMessagesAsync("Are you there?");

        await lisa.DropAsync();
        await simon.SeesUserAsync("lisa", linked: false);
        await lisa.SayAsync("Yes");
        await simon.SayAsync("Hello?");
        await simon.SayAsync("Still waiting");
        await lisa.SayAsync("I am");
        await Assertions.Expect(lisa.Page.Locator("#log .waiting .bubble")).ToHaveTextAsync(["Yes", "I am"]);
        await simon.SeesMessagesAsync("Are you there?", "Hello?", "Still waiting");
        await lisa.PhotographAsync($"away-{size}");
        await lisa.ReturnAsync();

        string[] all = ["Are you there?", "Hello?", "Still waiting", "Yes", "I am"];
        await lisa.SeesMessagesAsync(all);
        await simon.SeesMessagesAsync(all);
        await lisa.SeesTextAsync("#connection-banner", "Back again – nothing was missed");
        await Assertions.Expect(lisa.Page.Locator("#log .waiting")).ToHaveCountAsync(0);
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.SeesUserAsync("simon", linked: true);
        await lisa.PhotographAsync($"recovered-{size}");

        // And once more, from where it is now.
        await lisa.DropAsync();
        await lisa.SayAsync("Again");
        await simon.SayAsync("Not again");
        await lisa.ReturnAsync();
        await lisa.SeesMessagesAsync([.. all, "Not again", "Again"]);
        await simon.SeesMessagesAsync([.. all, "Not again", "Again"]);
    }

    [Fact]
    public async Task Reload_BeginsAnewWithTheHistory()
    {
        ChatPage lisa = await OpenAsync(1280, 800);
        await lisa.JoinAsync("lisa");
        await lisa.SayAsync("one");
        await lisa.SayAsync("two");
        await lisa.SeesMessagesAsync("one", "two");

        await lisa.Page.ReloadAsync();
        await lisa.JoinAsync("lisa");

        await lisa.SeesTextAsync("#log > :last-child", "You are here as lisa");
        await lisa.SayAsync("three");
        await lisa.SeesMessagesAsync("one", "two", "three");
    }

    [Fact]
    public async Task ServerWithoutSessions_IsLinkedToAnew()
    {
        await using KrmxClient anna = await LinkAsync("anna");
        ChatPage lisa = await OpenAsync(1280, 800);
        await RewriteLinksAsync(lisa, link =>
        {
            link.Remove("extensions");
            link.Remove("resume");
        });
        await lisa.JoinAsync("lisa");
        await lisa.SeesUserAsync("anna", linked: true);
        await lisa.SayAsync("one");
        await lisa.SeesMessagesAsync("one");

        await lisa.DropAsync();
        await Assertions.Expect(lisa.Page.Locator("#text")).ToHaveAttributeAsync("placeholder", "You can draft meanwhile");
        await lisa.Page.FillAsync("#text", "draft");
        await anna.SendAsync("chat/message", "two");
        await lisa.ReturnAsync();

        await lisa.SeesMessagesAsync("one", "two");
        await lisa.SeesTextAsync("#connection-banner", "Back again");
        await lisa.SeesUserAsync("anna", linked: true);
        await lisa.Page.ClickAsync("#send");
        await lisa.SeesMessagesAsync("one", "two", "draft");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SessionThatEnded_BeginsAnew(bool isKnown)
    {
        ChatPage lisa = await OpenAsync(1280, 800);
        await RewriteLinksAsync(lisa, link =>
        {
            link["resume"]!.AsObject().Remove("received");
            if (!isKnown)
                link["resume"]!.AsObject().Remove("session");
        });
        await lisa.JoinAsync("lisa");
        await lisa.SayAsync("one");
        await lisa.SeesMessagesAsync("one");

        await lisa.DropAsync();
        await lisa.SayAsync("two");
        await lisa.ReturnAsync();

        await lisa.SeesTextAsync("#log", "Back again");
        if (isKnown)
            await lisa.SeesMessagesAsync("one", "two");
        else
            await lisa.SeesTextAsync("#log > :last-child", "Nobody knows whether this arrived: two");
        await lisa.SayAsync("three");
        await lisa.SeesMessagesAsync(isKnown ? ["one", "two", "three"] : ["one", "three"]);
    }

    [Fact]
    public async Task Page_AcknowledgesWhatItIsSent()
    {
        var acks = new List<long>();
        ChatPage lisa = await OpenAsync(1280, 800);
        await RouteAsync(lisa, message =>
        {
            if ((string?)message["type"] == "krmx/ack")
                acks.Add((long)message["payload"]!["received"]!);
        });
        await lisa.JoinAsync("lisa");
        await lisa.SeesStatusAsync("linked");
        await using KrmxClient anna = await LinkAsync("anna");
        for (int number = 1; number <= 100; number++)
            await anna.SendAsync("chat/message", $"{number}");
        await Patience.Until(() => acks is [.., > 100], () => $"all is acknowledged, after {string.Join(", ", acks)}");
        Assert.Equal(acks.Order(), acks);

        // The server would not go on with one who has lost count.
        await lisa.DropAsync();
        await lisa.ReturnAsync();
        await lisa.SeesTextAsync("#connection-banner", "nothing was missed");
    }

    /// <summary>What a newcomer is told.</summary>
    private async Task<List<string>> HistoryAsync(string username)
    {
        await using var client = new KrmxClient();
        var heard = new List<string>();
        var welcome = new TaskCompletionSource();
        client.OnMessage<JsonObject>("chat/messaged", said => heard.Add((string)said["text"]!));
        client.OnMessage("chat/welcome", _ => welcome.SetResult());
        await client.ConnectAsync(WebSocketAddress);
        await client.LinkAsync(username);
        await welcome.Task.Soon();
        return heard;
    }

    private async Task<KrmxClient> LinkAsync(string username)
    {
        var client = new KrmxClient();
        await client.ConnectAsync(WebSocketAddress);
        await client.LinkAsync(username);
        return client;
    }

    /// <summary>Changes what a page's links say, as the server would see them.</summary>
    private static Task RewriteLinksAsync(ChatPage page, Action<JsonObject> change) => RouteAsync(page, message =>
    {
        if ((string?)message["type"] == "krmx/link")
            change(message["payload"]!.AsObject());
    });

    /// <summary>Has a look at what a page sends.</summary>
    private static async Task RouteAsync(ChatPage page, Action<JsonObject> look)
    {
        await page.Page.RouteWebSocketAsync("**/krmx", socket =>
        {
            IWebSocketRoute server = socket.ConnectToServer();
            socket.OnMessage(frame =>
            {
                JsonObject message = JsonNode.Parse(frame.Text!)!.AsObject();
                look(message);
                server.Send(message.ToJsonString());
            });
        });
        await page.Page.ReloadAsync();
    }

    private string WebSocketAddress => Address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx";

    private async Task<ChatPage> OpenAsync(int width, int height) => new(await OpenAsync(Address, width, height));
}
