using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The board sample and a browser, for all tests of it.</summary>
public sealed class BoardBrowser() : BrowserTests("Board", "Board")
{
    internal new string Address => base.Address;

    internal new ValueTask KillAsync() => base.KillAsync();

    internal new Task StartAgainAsync() => base.StartAgainAsync();

    /// <summary>Opens an address as somebody new does: of whom the browser knows nothing.</summary>
    internal async Task<BoardPage> OpenAsync(string address, bool isNarrow = false)
    {
        IPage page = await OpenAsync("about:blank", isNarrow ? 390 : 1440, isNarrow ? 844 : 900, hasTouch: isNarrow);
        var board = new BoardPage(page);
        await page.GotoAsync(address);
        return board;
    }

    /// <summary>Somebody new enters a board.</summary>
    internal async Task<BoardPage> EnterAsync(string name, string board, bool isNarrow = false)
    {
        BoardPage page = await OpenAsync($"{Address}/boards/{board}", isNarrow);
        await page.EnterAsync(name);
        return page;
    }

    /// <summary>Duplicates a tab, with all that it has stored.</summary>
    internal static async Task<BoardPage> DuplicateAsync(BoardPage tab)
    {
        var duplicate = new BoardPage(await tab.Page.Context.NewPageAsync());
        await duplicate.Page.AddInitScriptAsync(
            $"sessionStorage.getItem('krmx-board-tab') || sessionStorage.setItem('krmx-board-tab', '{await tab.TabAsync()}')");
        await duplicate.Page.GotoAsync(tab.Page.Url);
        return duplicate;
    }
}
