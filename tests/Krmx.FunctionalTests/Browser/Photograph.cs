using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>Pictures of pages among the results, for people to look at.</summary>
internal static class Photograph
{
    /// <summary>Takes a page in light and in dark.</summary>
    public static async Task TakeAsync(IPage page, string name)
    {
        foreach ((ColorScheme scheme, string suffix) in ((ColorScheme, string)[])[(ColorScheme.Dark, "-dark"), (ColorScheme.Light, "")])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new()
            {
                Path = SampleApp.ResultFile($"screenshots/{name}{suffix}.png"),
                Animations = ScreenshotAnimations.Disabled,
            });
        }
    }
}
