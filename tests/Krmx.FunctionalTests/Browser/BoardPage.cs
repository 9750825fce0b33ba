using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>A tab with the board, as a person sees and uses it.</summary>
internal sealed class BoardPage
{
    private readonly List<string> _errors = [];

    public BoardPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            // The browser tells of connections that fail, and has no other way to.
            if (message.Type is "error" or "warning" && !message.Text.Contains("WebSocket", StringComparison.Ordinal))
                _errors.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>What went wrong in the page.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public ILocator Notes => Page.Locator(".note");

    public ILocator Note(string text) => Page.Locator(".note", new() { HasText = text });

    /// <summary>What the tab is called, as a user.</summary>
    public Task<string> TabAsync() => Page.EvaluateAsync<string>("sessionStorage.getItem('krmx-board-tab')");

    /// <summary>Says a name, which is all that somebody new is asked for.</summary>
    public async Task EnterAsync(string name)
    {
        await Page.FillAsync("input", name);
        await Page.ClickAsync("button:text-is('Enter')");
        await IsLinkedAsync();
    }

    public Task IsLinkedAsync() => SeesAsync("[data-status=linked] .stack:enabled");

    public Task SeesAsync(string selector) => Assertions.Expect(Page.Locator(selector).First).ToBeVisibleAsync();

    public Task SeesNoticeAsync(string text) => Assertions.Expect(Page.Locator(".notices")).ToContainTextAsync(text);

    public Task SeesNotesAsync(params string[] texts) => Assertions.Expect(Page.Locator(".note > p")).ToHaveTextAsync(texts);

    public async Task AddAsync(string text, string color = "yellow")
    {
        await PressAsync($"Add a {color} note");
        await Page.Keyboard.TypeAsync(text);
        await Page.Keyboard.PressAsync("Escape");
    }

    public Task PressAsync(string button) => Page.Locator($"button[aria-label='{button}']").ClickAsync();

    /// <summary>Where a note is on the board.</summary>
    public async Task<(int X, int Y)> PlaceAsync(string text)
    {
        string style = await Note(text).GetAttributeAsync("style") ?? "";
        Match place = Regex.Match(style, @"--x: ?(\d+)px; ?--y: ?(\d+)px");
        return (int.Parse(place.Groups[1].ValueSpan), int.Parse(place.Groups[2].ValueSpan));
    }

    public Task SeesAtAsync(string text, (int X, int Y) place) =>
        Assertions.Expect(Note(text)).ToHaveAttributeAsync("style", new Regex($@"--x: ?{place.X}px; ?--y: ?{place.Y}px"));

    /// <summary>Takes a note with the mouse.</summary>
    public async Task TakeAsync(string text)
    {
        LocatorBoundingBoxResult box = (await Note(text).BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + 90, box.Y + 90);
        await Page.Mouse.DownAsync();
    }

    public async Task DragAsync(string text, int dx, int dy)
    {
        LocatorBoundingBoxResult box = (await Note(text).BoundingBoxAsync())!;
        await TakeAsync(text);
        await Page.Mouse.MoveAsync(box.X + 90 + dx, box.Y + 90 + dy, new() { Steps = 5 });
        await Page.Mouse.UpAsync();
    }

    /// <summary>Who is here, as the list says it.</summary>
    public async Task SeesPeopleAsync(params string[] people)
    {
        await Page.ClickAsync(".faces");
        await Assertions.Expect(Page.Locator(".people-list li > span:nth-child(2)")).ToHaveTextAsync(people);
        await Page.ClickAsync(".faces");
    }

    /// <summary>Goes on with the keyboard, past what can be done with the note before.</summary>
    public async Task PressTabUntilAsync(string text)
    {
        while (!await Note(text).EvaluateAsync<bool>("note => note === document.activeElement"))
            await Page.Keyboard.PressAsync("Tab");
    }

    public Task PhotographAsync(string what) => Photograph.TakeAsync(Page, $"board-{what}");
}
