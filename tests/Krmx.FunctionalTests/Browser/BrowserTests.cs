using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>A sample, and the browser of the distribution, without a window, that its pages are opened in.</summary>
/// <param name="name">What the sample's project is called.</param>
/// <param name="folder">Where its project is, below samples.</param>
/// <param name="arguments">What it is started with.</param>
public abstract class BrowserTests(string name, string folder, params string[] arguments) : IAsyncLifetime
{
    private SampleApp _app = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>Where the sample's page is.</summary>
    protected string Address => _app.Address;

    public async ValueTask InitializeAsync()
    {
        _app = await SampleApp.StartAsync(name, folder, arguments);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = FindChromium(),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        Assertions.SetDefaultExpectTimeout(20_000);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Opens a page in a context of its own, as another person's browser.</summary>
    protected async Task<IPage> OpenAsync(string address, int width, int height)
    {
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    private static string FindChromium() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") })
            .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("Chromium is missing: apt-get install chromium, or run ./test.sh.");
}
