using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>What the protocol asks of clients, stated once and tried on both of ours.</summary>
public sealed class ClientRuleTests : IAsyncLifetime
{
    private static readonly string TheList = string.Concat(ClientRule.All.Select(static rule => $"| {rule.Section} | {rule.Title} |\n"));

    private readonly NpmPeer _node = NpmPeer.Start("peers/typescript.mjs");

    [Fact]
    public Task DotNet_KeepsThemAll() => TryAllAsync(static _ => new DotNetClient());

    [Fact]
    public Task TypeScript_KeepsThemAll() => TryAllAsync(rule => new NodeClient(new TypeScriptClient(_node, rule.Title)));

    [Fact]
    public void Documentation_ListsThem() => Assert.Contains(TheList, File.ReadAllText(RepositoryFile.Path("docs/testing.md")), StringComparison.Ordinal);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static async Task TryAllAsync(Func<ClientRule, IClientUnderTest> client)
    {
        var broken = new List<string>();
        await Parallel.ForEachAsync(ClientRule.All, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (rule, _) =>
        {
            await using var trial = new ClientTrial(client(rule));
            try
            {
                await rule.TryAsync(trial);
            }
            catch (Exception error)
            {
                lock (broken)
                    broken.Add($"{rule.Section}: {rule.Title}: {error}");
            }
        });
        Assert.True(broken.Count == 0, string.Join("\n\n", broken));
    }
}
