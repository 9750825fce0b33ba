using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>A tab with the chat page, as a person sees and uses it.</summary>
internal sealed class ChatPage(IPage page)
{
    public IPage Page { get; } = page;

    public async Task JoinAsync(string username)
    {
        await Page.FillAsync("#username", username);
        await Page.ClickAsync("#join-button");
    }

    public async Task LogInAsync(string username, string password)
    {
        await Page.FillAsync("#password", password);
        await JoinAsync(username);
    }

    public async Task SayAsync(string text)
    {
        await Page.FillAsync("#text", text);
        await Page.ClickAsync("#send");
    }

    /// <summary>Drops its connection, as a broken network would.</summary>
    public async Task DropAsync()
    {
        await Page.ClickAsync("#drop");
        await SeesTextAsync("#connection-banner", "Connection lost");
    }

    /// <summary>Does not wait for the next try.</summary>
    public Task ReturnAsync() => Page.ClickAsync("#retry");

    public Task SeesStatusAsync(string status) => SeesAsync($"body[data-status={status}]");

    public Task SeesUserAsync(string username, bool linked) =>
        SeesAsync($"#users li[data-username='{username}'][data-linked={(linked ? "true" : "false")}]");

    public Task SeesNoUserAsync(string username) =>
        Assertions.Expect(Page.Locator($"#users li[data-username='{username}']")).ToHaveCountAsync(0);

    public Task SeesMessageAsync(string from, string text) =>
        Assertions.Expect(Page.Locator($"#log .message[data-from='{from}']", new() { HasText = text })).ToHaveCountAsync(1);

    /// <summary>Sees these messages and no others, in this order; those that wait to be sent are none.</summary>
    public Task SeesMessagesAsync(params string[] texts) =>
        Assertions.Expect(Page.Locator("#log .message:not(.waiting) .bubble")).ToHaveTextAsync(texts);

    public Task SeesTextAsync(string selector, string text) => Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text);

    public Task PhotographAsync(string name) => Photograph.TakeAsync(Page, $"chat-{name}");

    private Task SeesAsync(string selector) => Assertions.Expect(Page.Locator(selector)).ToHaveCountAsync(1);
}
