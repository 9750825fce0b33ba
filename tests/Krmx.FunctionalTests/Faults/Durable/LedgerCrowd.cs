using System.Text.Json;
using System.Text.Json.Nodes;
using Krmx.FaultPeer;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>Clients of the ledgers of several rooms, half of them .NET's and half of them TypeScript's in a process of Node.js.</summary>
internal sealed class LedgerCrowd : IAsyncDisposable
{
    private readonly Dictionary<string, string[]> _usersByRoom = [];
    private readonly Dictionary<string, LedgerWriter> _writers = [];
    private readonly NpmPeer? _node;

    private LedgerCrowd(NpmPeer? node) => _node = node;

    public IEnumerable<string> Rooms => _usersByRoom.Keys;

    /// <param name="uriOf">Where a room is.</param>
    /// <param name="rooms">How many rooms.</param>
    /// <param name="writers">How many clients in each.</param>
    /// <param name="hasTypeScript">Whether half of them are TypeScript's.</param>
    public static async Task<LedgerCrowd> LinkAsync(Func<string, Uri> uriOf, int rooms, int writers, bool hasTypeScript = true)
    {
        var crowd = new LedgerCrowd(hasTypeScript ? NpmPeer.Start("peers/typescript.mjs") : null);
        for (int i = 0; i < rooms; i++)
        {
            string room = $"room{i}";
            string[] users = crowd._usersByRoom[room] = [.. Enumerable.Range(0, writers).Select(j => $"{room}.{j}")];
            for (int j = 0; j < writers; j++)
                await crowd.LinkAsync(users[j], uriOf(room), isTypeScript: hasTypeScript && j % 2 == 1);
        }
        return crowd;
    }

    /// <summary>All talk until they are told to rest.</summary>
    /// <param name="pause">How long each waits between one message and the next, on average.</param>
    public async Task TalkAsync(TimeSpan pause)
    {
        foreach (LedgerWriter writer in _writers.Values)
            writer.Talk(pause);
        if (_node is not null)
            await _node.DoAsync("ledger-talk", new JsonObject { ["pause"] = pause.TotalMilliseconds });
    }

    /// <summary>What each has done and seen so far.</summary>
    public async Task<WriterState[]> StatesAsync()
    {
        WriterState[] states = [.. _writers.Values.Select(static writer => writer.State)];
        return _node is null
            ? states
            : [.. states, .. (await _node.DoAsync("ledger-state"))["states"].Deserialize<WriterState[]>(JsonSerializerOptions.Web)!];
    }

    /// <summary>Waits until each has heard so much more.</summary>
    public async Task HearAsync(int lines = 5)
    {
        Dictionary<string, int> before = (await StatesAsync()).ToDictionary(static state => state.Username, static state => state.Last);
        await Patience.Until(async () => (await StatesAsync()).All(state => state.Last >= before[state.Username] + lines), "everybody hears more");
    }

    /// <summary>Has all end, waits until everybody has everything, and judges what came of it.</summary>
    /// <param name="read">Reads the ledger of a room.</param>
    /// <returns>The ledgers.</returns>
    public async Task<Dictionary<string, LedgerContent>> RestAsync(Func<string, Task<LedgerContent>> read)
    {
        await Task.WhenAll(_writers.Values.Select(static writer => writer.EndAsync()));
        if (_node is not null)
            await _node.DoAsync("ledger-end");
        WriterState[] states = [];
        await Patience.Until(
            async () => (states = await StatesAsync()).All(static state => state is { IsLinked: true, Waiting: 0 }) || states.Any(static state => state.Violations.Length > 0),
            () => $"all are linked and answered; not so {string.Join(", ", states.Where(static state => !state.IsLinked || state.Waiting > 0))}");

        var ledgers = new Dictionary<string, LedgerContent>();
        string[] violations = [];
        await Patience.Until(
            async () =>
            {
                foreach (string room in Rooms)
                    ledgers[room] = await read(room);
                states = await StatesAsync();
                violations = [.. await ViolationsAsync(ledgers, states)];
                return violations.Length == 0 || states.Any(static state => state.Violations.Length > 0);
            },
            () => $"everybody has everything: {string.Join("; ", violations.Take(20))}");
        Assert.Empty(violations);
        return ledgers;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_writers.Values.Select(static writer => writer.DisposeAsync().AsTask()));
        if (_node is not null)
            await _node.DisposeAsync();
    }

    private async Task LinkAsync(string username, Uri uri, bool isTypeScript)
    {
        if (isTypeScript)
        {
            await _node!.DoAsync("ledger-link", new JsonObject { ["url"] = uri.ToString(), ["username"] = username });
            return;
        }
        await (_writers[username] = new LedgerWriter(username, uri)).LinkAsync();
    }

    private async Task<List<string>> ViolationsAsync(Dictionary<string, LedgerContent> ledgers, WriterState[] states)
    {
        var answers = new Dictionary<string, (int Number, int Place)[]>();
        foreach (WriterState state in states)
            answers[state.Username] = await AnswersAsync(state.Username);
        return
        [
            .. _usersByRoom.SelectMany(room => LedgerCheck.Violations(
                ledgers[room.Key], [.. states.Where(state => room.Value.Contains(state.Username))], username => answers[username])),
        ];
    }

    private async Task<(int Number, int Place)[]> AnswersAsync(string username) => _writers.TryGetValue(username, out LedgerWriter? writer)
        ? writer.Answers
        : [.. (await _node!.DoAsync("ledger-answers", new JsonObject { ["username"] = username }))["answers"]!.AsArray().Select(static answer => ((int)answer![0]!, (int)answer[1]!))];
}
