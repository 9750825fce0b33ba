namespace Krmx.State.Tests.TypeScript;

/// <summary>
/// The two clients live through the same random histories, of dispatches, answers, changes of others, lost connections, links that end and time, and show
/// the same after every step.
/// </summary>
[FullRunOnly]
public class TypeScriptHistoryTests
{
    private const int Histories = 10_000, Batch = 250;

    private readonly Dictionary<string, int> _outcomes = [];

    [Fact]
    public async Task RandomHistories_LookTheSameToBothClients()
    {
        using var node = new NodeOracle("peers/histories.mjs");
        int steps = 0;
        History[] histories = BatchFrom(0);
        for (int first = 0; first < Histories; first += Batch)
        {
            JsonTree[] scripts = [.. histories.Select(static history => history.Script)];
            Task<JsonTree> telling = Task.Run(() => node.Ask(scripts));
            History[] next = BatchFrom(first + Batch);
            JsonTree told = await telling;
            Assert.Equal(Batch, told.Items.Length);
            for (int i = 0; i < Batch; i++)
                steps += Compare(first + i, histories[i], told.Items[i]);
            histories = next;
        }
        string outcomes = string.Join(", ", _outcomes.Select(static outcome => $"{outcome.Value} {outcome.Key}"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{Histories} histories, {steps} steps, dispatches: {outcomes}");
        Assert.All(["accepted", "no 1", "timeout", "disconnected", "not-linked"], outcome => Assert.InRange(_outcomes[outcome], 1_000, steps));
        Assert.Equal(7, _outcomes.Count); // and two more refusals; nothing that is not legal
    }

    private static History[] BatchFrom(int first) => [.. Enumerable.Range(first, Batch).Select(static seed => new History(seed))];

    private int Compare(int seed, History history, JsonTree told)
    {
        Assert.Equal(history.Seen.Count, told.Items.Length);
        for (int step = 0; step < told.Items.Length; step++)
        {
            JsonTree seen = history.Seen[step];
            if (!seen.Equals(told.Items[step]))
                Assert.Fail($"Seed {seed}, step {step}:\n{history.Text(step)}\nThe .NET client:\n{seen}\nThe TypeScript client:\n{told.Items[step]}");
            foreach (JsonTree ended in seen.Items[3].Items)
            {
                string outcome = ended.Text ?? ended.Items[1].Text!;
                _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
            }
        }
        return told.Items.Length;
    }
}
