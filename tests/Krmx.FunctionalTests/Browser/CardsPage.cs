using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>A window with the card table, as a player sees and uses it.</summary>
internal sealed class CardsPage(IPage page, string name)
{
    public IPage Page { get; } = page;

    public string Name { get; } = name;

    public async Task SitDownAsync(string table)
    {
        await Page.FillAsync("#table", table);
        await SitDownAsync();
    }

    /// <summary>Sits down at a table whose address was opened.</summary>
    public async Task SitDownAsync()
    {
        await Page.FillAsync("#name", Name);
        await PressAsync("Sit down");
        await SeesAsync("main[data-status=Linked]");
    }

    public Task SeesAsync(string selector) => Assertions.Expect(Page.Locator(selector).First).ToBeVisibleAsync();

    public Task SeesTextAsync(string selector, string text) => Assertions.Expect(Page.Locator(selector).First).ToContainTextAsync(text);

    public async Task SayAsync(string text)
    {
        await Page.FillAsync("#say", text);
        await PressAsync("Say");
    }

    public Task PressAsync(string button) => Page.ClickAsync($"button:text-is('{button}')");

    /// <summary>What is in the player's hand, in order.</summary>
    public async Task<string[]> HandAsync() =>
        [.. await Page.Locator(".hand .card").EvaluateAllAsync<string[]>("cards => cards.map(card => card.getAttribute('aria-label'))")];

    public Task<int> HandSizeAsync() => Page.Locator(".hand .card").CountAsync();

    /// <summary>Does what the rules allow first: plays a card, or draws, or passes.</summary>
    /// <returns>Whether it was this player's turn.</returns>
    public async Task<bool> TryMoveAsync()
    {
        if (await TryClickAsync(".hand .card:enabled") is string card)
        {
            await Assertions.Expect(Page.Locator($".hand .card[aria-label='{card}']")).ToHaveCountAsync(0);
            return true;
        }
        if (await TryClickAsync(".card.back:enabled") is not null)
        {
            await SeesTextAsync("header [role=status]", "play or pass");
            return true;
        }
        if (await TryClickAsync("button:text-is('Pass'):enabled") is null)
            return false;
        await Assertions.Expect(Page.Locator("header [role=status]")).Not.ToContainTextAsync("Your turn");
        return true;
    }

    public Task PhotographAsync(string what) => Photograph.TakeAsync(Page, $"cards-{what}");

    private async Task<string?> TryClickAsync(string selector)
    {
        ILocator found = Page.Locator(selector);
        if (await found.CountAsync() == 0)
            return null;
        string label = await found.First.GetAttributeAsync("aria-label") ?? "";
        await found.First.ClickAsync();
        return label;
    }
}
