using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Corpus;

/// <summary>A hostile server sends a client the whole corpus, in each of the client's states.</summary>
public class HostileServerCorpusTests(ITestOutputHelper output)
{
    private static readonly WireFrame[] Hostile =
    [
        .. new[] { "messages/invalid", "from-server", "links" }.SelectMany(
            folder => HostileCorpus.Names(folder).Select(name => HostileCorpus.Frame(folder, name))),
    ];

    private static readonly WireFrame[] Strange = [.. HostileCorpus.Names("messages/valid").Select(name => HostileCorpus.Frame("messages/valid", name))];

    [Fact]
    public async Task Corpus_IsIgnoredInEveryStateAndHeardOnlyWhereItIsAMessageToALinkedClient()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            await SendAllAsync(connection, Hostile);
            await SendAllAsync(connection, Strange);
            await connection.SendAsync("""{"type":"krmx/rejected","payload":{"reason":"go on"}}""");
            await connection.ReceiveAsync(); // the link
            await SendAllAsync(connection, [.. Hostile.Where(frame => !frame.Text.Contains("krmx/accepted"))]);
            await SendAllAsync(connection, Strange);
            await connection.AcceptAsync("bob");
            await SendAllAsync(connection, Hostile);
            await SendAllAsync(connection, Strange);
            await connection.SendAsync("""{"type":"last"}""");
            await connection.DrainAsync();
        });
        using var logs = new CapturedLogs();
        using var loggers = new Microsoft.Extensions.Logging.LoggerFactory([logs]);
        await using var client = new KrmxClient(Expect.HastyWith(options => options.LoggerFactory = loggers));
        var heard = new List<KrmxMessage>();
        var goOn = new TaskCompletionSource();
        var last = new TaskCompletionSource();
        client.OnReject(_ => goOn.TrySetResult());
        client.OnMessage(heard.Add);
        client.OnMessage("last", _ => last.SetResult());

        await client.ConnectAsync(server.Uri);
        await goOn.Task.Soon();
        await client.LinkAsync("bob").Soon();
        await last.Task.Soon();

        Assert.Equal(
            HostileCorpus.Names("messages/valid").Select(HostileCorpus.Echo).Append("""{"type":"last"}"""), heard.Select(TextOf));
        Assert.Equal([new ClientUser("bob", true)], client.Users);
        int reported = logs.Entries.Count(entry => entry.EventId == 8);
        Assert.Equal((3 * Hostile.Length) - 1 + (2 * Strange.Length), reported);
        Assert.DoesNotContain(logs.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        output.WriteLine($"{Hostile.Length} hostile and {Strange.Length} strange messages in 3 states: {reported} reported, {heard.Count - 1} heard");
    }

    [Fact]
    public async Task BrokenFrames_EndTheConnectionAndEveryTaskInEveryState()
    {
        Dictionary<string, string> frames = HostileCorpus.Table("frames-from-server.tsv");
        await Task.WhenAll(
            from frame in frames
            from state in Enum.GetValues<ConnectionState>()
            select EndsAsync($"{frame.Key}, {state}", Convert.FromHexString(frame.Value), state));
        output.WriteLine($"{frames.Count} broken frames in 3 states: each ended its connection and no more");
    }

    private static async Task EndsAsync(string what, byte[] bytes, ConnectionState state)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            if (state != ConnectionState.Unlinked)
                await connection.ReceiveAsync();
            if (state == ConnectionState.Linked)
                await connection.AcceptAsync("bob");
            await connection.WriteAsync(bytes);
            await connection.WaitForeverAsync();
        });
        await using var client = new KrmxClient(Expect.HastyWith(static options =>
        {
            options.Reconnect.Enabled = false;
            options.Timeouts.Close = TimeSpan.FromMilliseconds(50);
        }));
        await client.ConnectAsync(server.Uri);
        Task linking = state == ConnectionState.Unlinked ? Task.CompletedTask : client.LinkAsync("bob");
        await Patience.Until(() => client.Status == ClientStatus.Disconnected, what);
        Assert.True(await Expect.EndsAsync(linking) == (state != ConnectionState.Pending), what);
    }

    private static async Task SendAllAsync(ServerConnection connection, WireFrame[] frames)
    {
        foreach (WireFrame frame in frames)
            await connection.WriteAsync((frame with { IsMasked = false }).ToBytes());
    }

    private static string TextOf(KrmxMessage message) => System.Text.Encoding.UTF8.GetString(Protocol.FrameWriter.Write(message));
}
