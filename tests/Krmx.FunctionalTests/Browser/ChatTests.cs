using System.Diagnostics;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The chat sample in a real browser: tabs that link, chat, drop, come back, and are refused.</summary>
public sealed class ChatTests() : BrowserTests("Chat", "Chat")
{
    [Fact]
    public async Task NameTypedBeforeThePageIsReady_Stays()
    {
        ChatPage lisa = await OpenAsync(1280, 800);
        var isReady = new TaskCompletionSource();
        await lisa.Page.RouteAsync("**/login", async route =>
        {
            await isReady.Task;
            await route.ContinueAsync();
        });
        await lisa.Page.ReloadAsync();
        await lisa.Page.FillAsync("#username", "lisa");

        isReady.SetResult();

        await lisa.Page.ClickAsync("#link-button");
        await lisa.SeesUserAsync("lisa", linked: true);
    }

    [Fact]
    public async Task TwoTabs_LinkChatDropAndGoOn()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.PhotographAsync("form-wide");
        await simon.LinkAsync("simon");
        await simon.SeesUserAsync("simon", linked: true);
        ChatPage lisa = await OpenAsync(390, 844);
        await lisa.PhotographAsync("form-narrow");
        await lisa.LinkAsync("lisa");
        foreach (ChatPage tab in new[] { simon, lisa })
        {
            await tab.SeesUserAsync("simon", linked: true);
            await tab.SeesUserAsync("lisa", linked: true);
        }
        await simon.SayAsync("Hello Lisa");
        await lisa.SeesMessageAsync("simon", "Hello Lisa");
        await lisa.SayAsync("Hello Simon, <b>how</b> are you?");
        await simon.SeesMessageAsync("lisa", "Hello Simon, <b>how</b> are you?");
        await simon.PhotographAsync("chat-wide");
        await lisa.PhotographAsync("chat-narrow");

        await lisa.Page.CloseAsync();
        await simon.SeesUserAsync("lisa", linked: false);
        await simon.PhotographAsync("unlinked-wide");

        lisa = await OpenAsync(390, 844);
        await lisa.LinkAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.SayAsync("Back again");
        await simon.SeesMessageAsync("lisa", "Back again");
    }

    [Fact]
    public async Task NameInUse_IsRefusedWithTheReason()
    {
        ChatPage first = await OpenAsync(1280, 800);
        await first.LinkAsync("simon");
        await first.SeesStatusAsync("linked");

        ChatPage second = await OpenAsync(390, 844);
        await second.LinkAsync("simon");
        await second.SeesTextAsync("#rejection", "user simon is already linked to a connection");
        await second.PhotographAsync("rejected-narrow");
        await second.LinkAsync("s!");
        await second.SeesTextAsync("#rejection", "invalid username");
        await second.LinkAsync("lisa");
        await second.SeesUserAsync("lisa", linked: true);
    }

    [Fact]
    public async Task DroppedConnection_LinksAgainByItself()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.LinkAsync("simon");
        await simon.SeesStatusAsync("linked");
        ChatPage lisa = await OpenAsync(1280, 800);
        await lisa.LinkAsync("lisa");
        await lisa.SeesStatusAsync("linked");

        await lisa.Page.ClickAsync("#drop");
        await simon.SeesTextAsync("#log", "lisa unlinked");
        await lisa.SeesTextAsync("#connection-banner", "Connection lost");
        await lisa.PhotographAsync("dropped-wide");
        await lisa.SeesTextAsync("#connection-banner", "Linked again");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.SayAsync("I was away");
        await simon.SeesMessageAsync("lisa", "I was away");
    }

    [Fact]
    public async Task KickUnlinkAndLeave_AreSeenByBoth()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.LinkAsync("simon");
        ChatPage lisa = await OpenAsync(390, 844);
        await lisa.LinkAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);

        await simon.Page.ClickAsync("[data-kick=lisa]");
        await simon.SeesNoUserAsync("lisa");
        await lisa.SeesTextAsync("#notice", "kicked");
        await lisa.PhotographAsync("kicked-narrow");

        await lisa.LinkAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.Page.ClickAsync("#unlink");
        await simon.SeesUserAsync("lisa", linked: false);

        await lisa.LinkAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.Page.ClickAsync("#leave");
        await simon.SeesNoUserAsync("lisa");
    }

    [Fact]
    public Task PortInUse_IsOneClearLine() => FailsWithOneLineAsync(Address, "address already in use");

    [Theory]
    [InlineData("nonsense", "Invalid url: 'nonsense'")]
    [InlineData("http://localhost:99999", "port")]
    public Task BadAddress_IsOneClearLine(string address, string clue) => FailsWithOneLineAsync(address, clue);

    private static async Task FailsWithOneLineAsync(string address, string clue)
    {
        using Process chat = SampleApp.Run("Chat", "Chat", "--urls", address);
        string output = await chat.StandardOutput.ReadToEndAsync();
        string error = await chat.StandardError.ReadToEndAsync();
        await chat.WaitForExitAsync();

        Assert.Equal(1, chat.ExitCode);
        Assert.Empty(output);
        Assert.Contains(clue, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task<ChatPage> OpenAsync(int width, int height) => new(await OpenAsync(Address, width, height));
}
