using Krmx.FunctionalTests.Faults.Proxy;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The board sample in real browsers: people who work on one board at once, in several tabs, by mouse, finger and keyboard.</summary>
public sealed class BoardTests(BoardBrowser browser) : IClassFixture<BoardBrowser>
{
    [Fact]
    public async Task TwoPeople_SeeADragAndEachOthersPointersAsTheyMove()
    {
        BoardPage ann = await browser.OpenAsync(browser.Address);
        await ann.PhotographAsync("start-wide");
        await ann.Page.ClickAsync("button:text-is('New board')");
        await ann.EnterAsync("Ann");
        await ann.PhotographAsync("empty-wide");
        await ann.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ann.Page.ClickAsync(".invite");
        await Assertions.Expect(ann.Page.Locator(".invite")).ToHaveTextAsync("Copied");
        string invitation = await ann.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal(ann.Page.Url, invitation);

        BoardPage bob = await browser.OpenAsync(invitation, isNarrow: true);
        await bob.PhotographAsync("invited-narrow");
        Assert.Equal(1, await bob.Page.Locator("input").CountAsync());
        await bob.EnterAsync("Bob");
        await ann.SeesPeopleAsync("Ann", "Bob");
        await bob.SeesPeopleAsync("Bob", "Ann");

        await ann.AddAsync("Milk & <b>bread</b>");
        await bob.SeesNotesAsync("Milk & <b>bread</b>");
        (int x, int y) = await ann.PlaceAsync("Milk");
        await bob.SeesAtAsync("Milk", (x, y));

        // The note is not let go of, and has moved for both.
        await ann.TakeAsync("Milk");
        LocatorBoundingBoxResult box = (await ann.Note("Milk").BoundingBoxAsync())!;
        await ann.Page.Mouse.MoveAsync(box.X + 130, box.Y + 60);
        await ann.SeesAsync(".note[data-held=true]");
        await bob.SeesAtAsync("Milk", (x + 40, y - 30));
        await bob.SeesAsync(".cursor:has-text('Ann')");
        await bob.Page.Mouse.MoveAsync(100, 400);
        await ann.SeesAsync(".cursor:has-text('Bob')");
        await ann.PhotographAsync("drag-wide");
        await bob.PhotographAsync("drag-narrow");
        await ann.Page.Mouse.UpAsync();
        Assert.Equal((x + 40, y - 30), await ann.PlaceAsync("Milk"));

        await bob.Note("Milk").DblClickAsync();
        await bob.Page.Keyboard.TypeAsync(" from Bob");
        await Assertions.Expect(ann.Note("Milk")).ToHaveTextAsync("Milk & <b>bread</b> from Bob");
        await bob.Page.Keyboard.PressAsync("Escape");
        await bob.PressAsync("Make it pink");
        await ann.SeesAsync(".note[data-color=pink]");
        await bob.PhotographAsync("tools-narrow");
        Assert.Empty(ann.Errors.Concat(bob.Errors));
    }

    [Fact]
    public async Task Undo_TakesBackOnesOwnLastChangeAndNothingOfOthers()
    {
        BoardPage ann = await browser.EnterAsync("Ann", "undo");
        BoardPage bob = await browser.EnterAsync("Bob", "undo");
        await ann.AddAsync("plan");
        (int X, int Y) place = await ann.PlaceAsync("plan");
        await ann.DragAsync("plan", 150, 100);
        await bob.SeesAtAsync("plan", (place.X + 150, place.Y + 100));
        await bob.Note("plan").DblClickAsync();
        await bob.Page.Keyboard.TypeAsync(" B");
        await bob.Page.Keyboard.PressAsync("Escape");
        await ann.SeesNotesAsync("plan B");

        // The whole drag goes, the text of Bob stays.
        await ann.Page.Keyboard.PressAsync("Control+z");
        await bob.SeesAtAsync("plan B", place);
        await ann.SeesNotesAsync("plan B");
        await ann.Page.Keyboard.PressAsync("Control+z");
        await ann.SeesNoticeAsync("somebody has changed the note since");
        await ann.SeesNotesAsync("plan B");

        await bob.Note("plan").FocusAsync();
        await bob.PressAsync("Delete");
        await Assertions.Expect(ann.Notes).ToHaveCountAsync(0);
        await bob.PressAsync("Undo");
        await ann.SeesNotesAsync("plan B");
        Assert.Empty(ann.Errors.Concat(bob.Errors));
    }

    [Fact]
    public async Task Tabs_AreOnePersonHoweverTheyWereOpened()
    {
        BoardPage bob = await browser.EnterAsync("Bob", "tabs");
        BoardPage ann = await browser.EnterAsync("Ann", "tabs");
        await ann.AddAsync("mine");

        // Reloading keeps who one is, and the board.
        await ann.Page.ReloadAsync();
        await ann.IsLinkedAsync();
        await ann.SeesNotesAsync("mine");
        await bob.SeesPeopleAsync("Bob", "Ann");

        var second = new BoardPage(await ann.Page.Context.NewPageAsync());
        await second.Page.GotoAsync(ann.Page.Url);
        await second.IsLinkedAsync();

        BoardPage duplicate = await BoardBrowser.DuplicateAsync(ann);
        await duplicate.IsLinkedAsync();
        Assert.NotEqual(await ann.TabAsync(), await duplicate.TabAsync());

        BoardPage[] tabs = [ann, second, duplicate];
        string[] texts = ["mine"];
        foreach (BoardPage page in tabs)
        {
            await page.AddAsync($"of tab {texts.Length}");
            texts = [.. texts, $"of tab {texts.Length}"];
            foreach (BoardPage any in tabs)
                await any.SeesNotesAsync(texts);
        }
        await bob.SeesPeopleAsync("Bob", "Ann");

        await second.Page.ClickAsync(".faces");
        await second.Page.FillAsync("#own-name", "Anna");
        await second.Page.ClickAsync("label[title=teal]");
        await second.Page.ClickAsync("button:text-is('Save')");
        await bob.SeesPeopleAsync("Bob", "Anna");
        await ann.SeesPeopleAsync("Anna", "Bob");
        await ann.SeesAsync(".face[data-person=teal]");
        foreach (BoardPage page in tabs)
            await page.Page.CloseAsync();
        await Assertions.Expect(bob.Page.Locator(".faces .face")).ToHaveCountAsync(1);
        Assert.Empty(tabs.Append(bob).SelectMany(static page => page.Errors));
    }

    [Fact]
    public async Task BackButton_LeavesTheBoardAndReturns()
    {
        BoardPage bob = await browser.EnterAsync("Bob", "back");
        BoardPage ann = await browser.OpenAsync(browser.Address);
        await ann.Page.ClickAsync("button:text-is('New board')");
        await ann.EnterAsync("Ann");
        string other = ann.Page.Url;
        await ann.Page.GoBackAsync();
        await ann.SeesAsync("nav a");
        await ann.Page.GotoAsync($"{browser.Address}/boards/back");
        await ann.IsLinkedAsync();
        await bob.SeesPeopleAsync("Bob", "Ann");

        await ann.Page.ClickAsync(".home");
        await ann.PhotographAsync("recent-wide");
        await bob.SeesPeopleAsync("Bob");
        await ann.Page.GoBackAsync();
        await ann.IsLinkedAsync();
        await bob.SeesPeopleAsync("Bob", "Ann");
        await ann.Page.GoForwardAsync();
        await Assertions.Expect(ann.Page.Locator("nav a")).ToHaveTextAsync(["back", other.Split('/')[^1]]);
        await ann.Page.ClickAsync("nav a:text-is('back')");
        await ann.IsLinkedAsync();
        Assert.Empty(ann.Errors.Concat(bob.Errors));
    }

    [Fact]
    public async Task Keyboard_DoesAllThatAPointerDoes()
    {
        BoardPage ann = await browser.EnterAsync("Ann", "keys");
        IKeyboard keys = ann.Page.Keyboard;
        await ann.AddAsync("one");
        await ann.AddAsync("two");
        (int X, int Y) place = await ann.PlaceAsync("two");
        await ann.Page.Locator(".viewport").FocusAsync();
        await keys.PressAsync("Tab");
        await Assertions.Expect(ann.Note("one")).ToBeFocusedAsync();
        await ann.PressTabUntilAsync("two");

        // Down to stay: one change, however far it goes.
        foreach (string key in (string[])["ArrowRight", "ArrowRight", "Shift", "ArrowDown"])
            await keys.DownAsync(key);
        await ann.SeesAtAsync("two", (place.X + 20, place.Y + 50));
        foreach (string key in (string[])["ArrowDown", "Shift", "ArrowRight"])
            await keys.UpAsync(key);
        await ann.PhotographAsync("focus-wide");

        await keys.PressAsync("Enter");
        await keys.TypeAsync(" and a half");
        await keys.PressAsync("Escape");
        await Assertions.Expect(ann.Note("two and a half")).ToBeFocusedAsync();
        await keys.PressAsync("Control+z");
        await Assertions.Expect(ann.Note("two")).ToHaveTextAsync("two");
        await keys.PressAsync("Control+z");
        await ann.SeesAtAsync("two", place);

        await keys.PressAsync("Delete");
        await ann.SeesNotesAsync("one");
        await Assertions.Expect(ann.Note("one")).ToBeFocusedAsync();
        Assert.Empty(ann.Errors);
    }

    [Fact]
    public async Task Fingers_DragNotesAndScrollTheBoard()
    {
        BoardPage ann = await browser.EnterAsync("Ann", "fingers", isNarrow: true);
        await ann.AddAsync("mine");
        (int X, int Y) place = await ann.PlaceAsync("mine");
        string scroll = await ScrollAsync(ann);
        LocatorBoundingBoxResult note = (await ann.Note("mine").BoundingBoxAsync())!;
        await SwipeAsync(ann, note.X + 90, note.Y + 90, -60, -80);
        await ann.SeesAtAsync("mine", (place.X - 60, place.Y - 80));
        Assert.Equal(scroll, await ScrollAsync(ann));

        await SwipeAsync(ann, 30, 700, 60, -200);
        await Patience.Until(async () => await ScrollAsync(ann) != scroll, "the board has scrolled");
        Assert.Equal((place.X - 60, place.Y - 80), await ann.PlaceAsync("mine"));
        Assert.Empty(ann.Errors);
    }

    [Fact]
    public async Task CutConnectionInTheMiddleOfADrag_LosesNothingAndNothingJumps()
    {
        await using var proxy = new FaultProxy(new Uri(browser.Address));
        BoardPage ann = await browser.EnterAsync("Ann", "cut");
        BoardPage bob = await browser.OpenAsync($"{proxy.Uri}boards/cut");
        await bob.EnterAsync("Bob");
        await bob.AddAsync("mine");
        (int X, int Y) place = await bob.PlaceAsync("mine");

        await bob.TakeAsync("mine");
        LocatorBoundingBoxResult box = (await bob.Note("mine").BoundingBoxAsync())!;
        await bob.Page.Mouse.MoveAsync(box.X + 140, box.Y + 90);
        await ann.SeesAtAsync("mine", (place.X + 50, place.Y));
        proxy.IsDown = true;
        proxy.Cut();
        await bob.SeesNoticeAsync("Reconnecting. What you do meanwhile is kept.");
        await bob.Page.Mouse.MoveAsync(box.X + 240, box.Y + 190, new() { Steps = 5 });
        (int X, int Y) end = (place.X + 150, place.Y + 100);
        await bob.SeesAtAsync("mine", end);
        await bob.Page.Mouse.UpAsync();
        await bob.PhotographAsync("away-wide");

        // From now on nothing moves for Bob, whatever comes of the connection.
        await bob.Page.EvaluateAsync("""
            window.places = [];
            window.note = document.querySelector('.note');
            new MutationObserver(() => places.push(note.getAttribute('style'))).observe(note, { attributeFilter: ['style'] });
            """);
        await bob.AddAsync("written while away");
        await ann.AddAsync("meanwhile");
        await ann.SeesAtAsync("mine", (place.X + 50, place.Y));
        proxy.IsDown = false;
        await ann.SeesAtAsync("mine", end);
        await Assertions.Expect(ann.Note("written while away")).ToBeVisibleAsync();
        await Assertions.Expect(bob.Note("meanwhile")).ToBeVisibleAsync();
        await bob.IsLinkedAsync();
        await Assertions.Expect(bob.Page.Locator(".connection")).ToHaveCountAsync(0);
        Assert.True(await bob.Page.EvaluateAsync<bool>("note.isConnected"));
        string[] places = await bob.Page.EvaluateAsync<string[]>("places");
        Assert.All(places, style => Assert.Contains($"--x: {end.X}px; --y: {end.Y}px", style, StringComparison.Ordinal));
        Assert.Empty(ann.Errors.Concat(bob.Errors));
    }

    [Fact]
    public async Task ServerKilledInTheMiddleOfADrag_ComesBackAndTheDragGoesOn()
    {
        BoardPage ann = await browser.EnterAsync("Ann", "killed");
        BoardPage bob = await browser.EnterAsync("Bob", "killed");
        await ann.AddAsync("other");
        await bob.AddAsync("mine");
        (int X, int Y) place = await bob.PlaceAsync("mine");
        string tab = await bob.TabAsync();
        await bob.TakeAsync("mine");
        LocatorBoundingBoxResult box = (await bob.Note("mine").BoundingBoxAsync())!;
        await bob.Page.Mouse.MoveAsync(box.X + 140, box.Y + 90, new() { Steps = 5 });
        await ann.SeesAtAsync("mine", (place.X + 50, place.Y));

        await browser.KillAsync();
        foreach (BoardPage page in new[] { ann, bob })
            await page.SeesNoticeAsync("Reconnecting. What you do meanwhile is kept.");
        await bob.Page.Mouse.MoveAsync(box.X + 240, box.Y + 190, new() { Steps = 5 });
        (int X, int Y) end = (place.X + 150, place.Y + 100);
        await bob.SeesAtAsync("mine", end);

        // From now on nothing moves for Bob, who still holds the note.
        await bob.Page.EvaluateAsync("""
            window.places = [];
            window.note = document.querySelector('.note[data-held=true]');
            new MutationObserver(() => places.push(note.getAttribute('style'))).observe(note, { attributeFilter: ['style'] });
            """);
        await browser.StartAgainAsync();
        foreach (BoardPage page in new[] { ann, bob })
        {
            await page.IsLinkedAsync();
            await page.SeesNotesAsync("other", "mine");
            await Assertions.Expect(page.Page.Locator(".connection")).ToHaveCountAsync(0);
        }
        await ann.SeesAtAsync("mine", (place.X + 50, place.Y));
        await bob.SeesAsync(".note[data-held=true]");
        Assert.True(await bob.Page.EvaluateAsync<bool>("note.isConnected"));
        string[] places = await bob.Page.EvaluateAsync<string[]>("places");
        Assert.All(places, style => Assert.Contains($"--x: {end.X}px; --y: {end.Y}px", style, StringComparison.Ordinal));

        await bob.Page.Mouse.MoveAsync(box.X + 250, box.Y + 210);
        await ann.SeesAtAsync("mine", (end.X + 10, end.Y + 20));
        await bob.Page.Mouse.UpAsync();
        Assert.Equal(tab, await bob.TabAsync());
        await ann.SeesPeopleAsync("Ann", "Bob");
        BoardPage cat = await browser.EnterAsync("Cat", "killed");
        await cat.SeesNotesAsync("other", "mine");
        Assert.Empty(ann.Errors.Concat(bob.Errors));
    }

    [Fact]
    public async Task LinkThatBeginsAnew_TakesAnotherNameAndKeepsWhatWasDoneMeanwhile()
    {
        BoardPage bob = await browser.OpenAsync(browser.Address);
        IWebSocketRoute? connection = null;
        bool isDown = false;
        await bob.Page.RouteWebSocketAsync("**/krmx/*", socket =>
        {
            connection = socket;
            if (!isDown)
                socket.ConnectToServer();
            else
                _ = socket.CloseAsync(new() { Code = 4000 });
        });
        await bob.Page.GotoAsync($"{browser.Address}/boards/anew");
        await bob.EnterAsync("Bob");
        await bob.AddAsync("before");
        string tab = await bob.TabAsync();

        isDown = true;
        await connection!.CloseAsync(new() { Code = 4000 });
        await bob.SeesNoticeAsync("Reconnecting");
        await bob.AddAsync("meanwhile");
        BoardPage duplicate = await BoardBrowser.DuplicateAsync(bob);
        await duplicate.IsLinkedAsync();
        Assert.Equal(tab, await duplicate.TabAsync());

        isDown = false;
        await duplicate.SeesNotesAsync("before", "meanwhile");
        await bob.IsLinkedAsync();
        await bob.SeesNotesAsync("before", "meanwhile");
        Assert.NotEqual(tab, await bob.TabAsync());
        await bob.AddAsync("after");
        await duplicate.SeesNotesAsync("before", "meanwhile", "after");
        Assert.Empty(bob.Errors.Concat(duplicate.Errors));
    }

    private static Task<string> ScrollAsync(BoardPage page) =>
        page.Page.EvaluateAsync<string>("[document.querySelector('.viewport').scrollLeft, document.querySelector('.viewport').scrollTop].join()");

    /// <summary>Moves a finger over the screen, as the browser's own input does.</summary>
    private static async Task SwipeAsync(BoardPage page, double x, double y, int dx, int dy)
    {
        ICDPSession devtools = await page.Page.Context.NewCDPSessionAsync(page.Page);
        const int Steps = 8;
        for (int step = 0; step <= Steps; step++)
        {
            await devtools.SendAsync("Input.dispatchTouchEvent", new()
            {
                ["type"] = step == 0 ? "touchStart" : "touchMove",
                ["touchPoints"] = new[] { new { x = x + (double)dx * step / Steps, y = y + (double)dy * step / Steps } },
            });
        }
        await devtools.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
    }
}
