using Microsoft.JSInterop;

namespace Cards.Client;

/// <summary>What the player of this tab is called.</summary>
/// <remarks>The browser keeps it for as long as the tab lives: a reload finds the seat again, and two tabs can be two players.</remarks>
internal sealed class PlayerName(IJSRuntime browser)
{
    private const string Key = "krmx-cards-name";

    private string? _name;

    /// <summary>The name; null where nobody has sat down in this tab yet.</summary>
    public async Task<string?> RecallAsync()
    {
        try
        {
            return _name ??= await browser.InvokeAsync<string?>("sessionStorage.getItem", Key);
        }
        catch (JSException)
        {
            // The browser keeps nothing for us; then the name is asked for.
            return null;
        }
    }

    public async Task RememberAsync(string name)
    {
        _name = name;
        try
        {
            await browser.InvokeVoidAsync("sessionStorage.setItem", Key, name);
        }
        catch (JSException)
        {
            // Until the page is loaded anew.
        }
    }
}
