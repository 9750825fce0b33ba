using System.Collections.Concurrent;
using System.Collections.Immutable;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Processes;
using Krmx.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The npm packages as they are published, in a new application with Vite and React, against a server in this process.</summary>
public sealed class PackedPackagesTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packed-app-").FullName;
    private readonly ConcurrentQueue<string> _heard = [];
    private WebApplication? _app;

    [Fact]
    public async Task NewApplication_IsTypedAndGoesOnWhereItLeftOff()
    {
        string address = await ServeAsync();
        string main = Path.Combine(_folder, "src/main.tsx");
        foreach (string file in Directory.GetFiles(RepositoryFile.Path("tests/packed-app"), "*.*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder, Path.GetRelativePath(RepositoryFile.Path("tests/packed-app"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        string source = await File.ReadAllTextAsync(main);
        Assert.InRange(File.ReadLines(main).Count(), 1, 39);

        await Tool.SucceedAsync(_folder, "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", .. await PackAsync()]);
        await Tool.SucceedAsync(_folder, "npx", "krmx-types", address, "--output", "src/contract.ts");
        await Tool.SucceedAsync(_folder, "npx", "tsc");
        await Tool.SucceedAsync(_folder, "npx", "vite", "build", "--outDir", "built");

        // What the contract does not have does not compile.
        await File.WriteAllTextAsync(main, source.Replace("payload: { text } }", "payload: { txt: text } }", StringComparison.Ordinal));
        (int exitCode, string said) = await Tool.RunAsync(_folder, "npx", "tsc");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("'txt' does not exist", said, StringComparison.Ordinal);

        var server = new Uri(address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx");
        await using var proxy = new FaultProxy(server);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.OpenAsync($"{address}/index.html?name=ann&server={Uri.EscapeDataString(proxy.Uri.ToString())}", 800, 600);
        var errors = new ConcurrentQueue<string>();
        page.PageError += (_, error) => errors.Enqueue(error);
        await SeesAsync(page, "#status", "linked, 1 here");
        await AddAsync(page, "milk");
        await SeesAsync(page, "#items li", "milk");

        // Away: what is done meanwhile shows at once and arrives once, and what others do is not missed.
        proxy.IsDown = true;
        proxy.Cut();
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("reconnecting");
        await page.FillAsync("input", "hi");
        await page.ClickAsync("#say");
        await AddAsync(page, "bread");
        await SeesAsync(page, "#items li", "milk", "bread");
        await using var bob = new KrmxClient();
        await bob.ConnectAsync(server);
        await bob.LinkAsync("bob");
        await bob.SendAsync(new Say("hello"));
        await Patience.Until(() => !_heard.IsEmpty, "the server has heard bob");
        proxy.IsDown = false;
        await SeesAsync(page, "#said li", "bob: hello", "ann: hi");
        await SeesAsync(page, "#status", "linked, 2 here");

        await AddAsync(page, "");
        await SeesAsync(page, "#said li", "bob: hello", "ann: hi", "KrmxError: what is it called?");
        await SeesAsync(page, "#items li", "milk", "bread");
        Assert.Equal(["bob: hello", "ann: hi"], _heard);
        Assert.Empty(errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> ServeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKrmx();
        _app = builder.Build();
        Directory.CreateDirectory(Path.Combine(_folder, "built"));
        _app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Path.Combine(_folder, "built")) });
        _app.MapKrmx("/krmx", room =>
        {
            room.Sends<Said>();
            room.OnMessage<Say>((user, say) =>
            {
                _heard.Enqueue($"{user.Name}: {say.Text}");
                room.Broadcast(new Said(user.Name, say.Text));
            });
            var list = new ProjectionModel<List, List>(new List([]), static (list, _) => list);
            list.When<string>("item/add", static text => text.Length == 0 ? "what is it called?" : null, static (list, _, text) => new List(list.Items.Add(text)));
            room.AddProjection("list", list);
        });
        _app.MapKrmxContract();
        await _app.StartAsync();
        return _app.Urls.Single();
    }

    /// <summary>Packs the packages into the application's folder, as they would be published.</summary>
    private async Task<string[]> PackAsync()
    {
        string workspaces = RepositoryFile.Path("clients/typescript");
        string[] packages = ["packages/client", "packages/react", "packages/types"];
        string[] selected = [.. packages.SelectMany(static package => new[] { "--workspace", package })];
        await Tool.SucceedAsync(_folder, "npm", ["run", "build", "--prefix", workspaces, .. selected]);
        await Tool.SucceedAsync(_folder, "npm", ["pack", "--prefix", workspaces, "--pack-destination", _folder, .. selected]);
        return [.. Directory.GetFiles(_folder, "*.tgz")];
    }

    private static async Task AddAsync(IPage page, string item)
    {
        await page.FillAsync("input", item);
        await page.ClickAsync("#add");
    }

    private static Task SeesAsync(IPage page, string selector, params string[] texts) => Assertions.Expect(page.Locator(selector)).ToHaveTextAsync(texts);

    internal sealed record Say(string Text) : IKrmxMessage
    {
        public static string Type => "say";
    }

    internal sealed record Said(string Username, string Text) : IKrmxMessage
    {
        public static string Type => "said";
    }

    internal sealed record List(ImmutableArray<string> Items);
}
