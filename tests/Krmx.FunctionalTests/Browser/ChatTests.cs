using System.Diagnostics;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The chat sample in a real browser: tabs that join, chat, drop, come back, and are refused.</summary>
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

        await lisa.Page.ClickAsync("#join-button");
        await lisa.SeesUserAsync("lisa", linked: true);
    }

    [Fact]
    public async Task TwoTabs_JoinChatDropAndGoOn()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.SeesTextAsync("#join-button", "Join");
        await simon.PhotographAsync("form-wide");
        await simon.JoinAsync("simon");
        await simon.SeesUserAsync("simon", linked: true);
        ChatPage lisa = await OpenAsync(390, 844);
        await lisa.PhotographAsync("form-narrow");
        await lisa.JoinAsync("lisa");
        foreach (ChatPage tab in new[] { simon, lisa })
        {
            await tab.SeesUserAsync("simon", linked: true);
            await tab.SeesUserAsync("lisa", linked: true);
        }
        await simon.SeesTextAsync("#log", "lisa joined");
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
        await lisa.JoinAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.SayAsync("Back again");
        await simon.SeesMessageAsync("lisa", "Back again");
    }

    [Fact]
    public async Task NameInUse_IsRefusedWithTheReason()
    {
        ChatPage first = await OpenAsync(1280, 800);
        await first.JoinAsync("simon");
        await first.SeesStatusAsync("linked");

        ChatPage second = await OpenAsync(390, 844);
        await second.JoinAsync("simon");
        await second.SeesTextAsync("#rejection", "user simon is already linked to a connection");
        await second.PhotographAsync("rejected-narrow");
        await second.JoinAsync("s!");
        await second.SeesTextAsync("#rejection", "invalid username");
        await second.JoinAsync("lisa");
        await second.SeesUserAsync("lisa", linked: true);
    }

    [Fact]
    public async Task DroppedConnection_LinksAgainByItself()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.JoinAsync("simon");
        await simon.SeesStatusAsync("linked");
        ChatPage lisa = await OpenAsync(1280, 800);
        await lisa.JoinAsync("lisa");
        await lisa.SeesStatusAsync("linked");

        await lisa.DropAsync();
        await simon.SeesTextAsync("#log", "lisa is away");
        await lisa.PhotographAsync("dropped-wide");
        await lisa.SeesTextAsync("#connection-banner", "Back again");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.SayAsync("I was away");
        await simon.SeesMessageAsync("lisa", "I was away");
    }

    [Fact]
    public async Task KickUnlinkAndLeave_AreSeenByBoth()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.JoinAsync("simon");
        ChatPage lisa = await OpenAsync(390, 844);
        await lisa.JoinAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);

        await simon.Page.ClickAsync("[data-kick=lisa]");
        await simon.SeesNoUserAsync("lisa");
        await lisa.SeesTextAsync("#notice", "kicked");
        await lisa.PhotographAsync("kicked-narrow");

        await lisa.JoinAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.Page.ClickAsync("#unlink");
        await simon.SeesUserAsync("lisa", linked: false);

        await lisa.JoinAsync("lisa");
        await simon.SeesUserAsync("lisa", linked: true);
        await lisa.Page.ClickAsync("#leave");
        await simon.SeesNoUserAsync("lisa");
    }

    [Fact]
    public async Task Host_AloneMayKick()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.JoinAsync("simon");
        await simon.SeesTextAsync("li[data-host]", "simon");
        ChatPage lisa = await OpenAsync(390, 844);
        await lisa.JoinAsync("lisa");
        await lisa.SeesTextAsync("li[data-host]", "simon");
        await Assertions.Expect(lisa.Page.Locator("[data-kick=simon]")).ToBeHiddenAsync();
        await Assertions.Expect(simon.Page.Locator("[data-kick=lisa]")).ToBeVisibleAsync();

        await using var anna = new KrmxClient();
        await anna.ConnectAsync(Address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx");
        await anna.LinkAsync("anna");
        await anna.SendAsync("chat/kick", "simon");
        await anna.SendAsync("chat/message", "Nobody listens to me");
        await simon.SeesMessageAsync("anna", "Nobody listens to me");
        await simon.SeesUserAsync("simon", linked: true);
        await simon.PhotographAsync("host-wide");
        await lisa.PhotographAsync("guest-narrow");

        await simon.Page.ClickAsync("#unlink");
        await lisa.SeesTextAsync("li[data-host]", "lisa");
        await lisa.Page.ClickAsync("[data-kick=anna]");
        await lisa.SeesNoUserAsync("anna");
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
