using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>A sample with a store of its own, and the browser that its pages are opened in.</summary>
/// <param name="name">What the sample's project is called.</param>
/// <param name="folder">Where its project is, below samples.</param>
/// <param name="arguments">What it is started with.</param>
public abstract class BrowserTests(string name, string folder, params string[] arguments) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krmx-sample").FullName;
    private SampleApp _app = null!;
    private Chromium _chromium = null!;

    /// <summary>Where the sample's page is.</summary>
    protected string Address => _app.Address;

    private string[] Arguments => ["--store", Path.Combine(_folder, "rooms.db"), .. arguments];

    public async ValueTask InitializeAsync()
    {
        _app = await SampleApp.StartAsync(name, folder, Arguments);
        _chromium = await Chromium.StartAsync();
        Assertions.SetDefaultExpectTimeout(20_000);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _chromium.DisposeAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Kills the sample's process, as a crash would.</summary>
    protected ValueTask KillAsync() => _app.DisposeAsync();

    /// <summary>Starts it again where it was.</summary>
    protected async Task StartAgainAsync() => _app = await SampleApp.StartAsync(name, folder, [.. Arguments, "--urls", Address]);

    /// <inheritdoc cref="Chromium.OpenAsync"/>
    protected Task<IPage> OpenAsync(string address, int width, int height, bool hasTouch = false) =>
        _chromium.OpenAsync(address, width, height, hasTouch);
}
