using Krmx.FunctionalTests.Client.Harness;
using Krmx.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Server.Durable;

/// <summary>The outbox of docs/persistence.md: what a message asks for is done at least once, whatever happens to the process.</summary>
public sealed class OutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krmx-outbox").FullName;
    private readonly Mailer _mailer = new();
    private Outbox? _outbox;

    private string Store => $"Data Source={_folder}/rooms.db";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Page_ShowsWhatIsTriedHere()
    {
        string code = File.ReadAllText(RepositoryFile.Path("tests/Krmx.FunctionalTests/Server/Durable/Outbox.cs")).ReplaceLineEndings("\n");
        string page = File.ReadAllText(RepositoryFile.Path("docs/persistence.md")).ReplaceLineEndings("\n");
        string shown = code[code.IndexOf("public record Mail", StringComparison.Ordinal)..].Replace("public record", "record", StringComparison.Ordinal)
            .Replace("public interface", "interface", StringComparison.Ordinal).Replace("public sealed class", "sealed class", StringComparison.Ordinal);
        Assert.Contains(shown, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_AreSentOnceEach_AndNothingIsLeft()
    {
        await using DurableServer server = await StartAsync();
        await InviteAsync(server, "a", "b", "c");

        await Patience.Until(() => _mailer.Sent.Count == 3, "all are sent");
        Assert.Equal(["a", "b", "c"], _mailer.Sent.Select(static mail => mail.To));
        await Patience.Until(async () => (await server.Rooms.ListStoredAsync()).Single().Alarm is null, "nothing is left to be sent");
        server.Logs.AssertNoErrors([]);
    }

    [Fact]
    public async Task MailUnderWayWhenTheServerStops_IsSentAgainAndThoseBehindItFollow()
    {
        await using DurableServer server = await StartAsync();
        var hangs = new TaskCompletionSource();
        _mailer.Answer = hangs.Task; // it was sent, and nobody hears of it any more
        await InviteAsync(server, "a", "b");
        await Patience.Until(() => _mailer.Sent.Count == 1, "the first is under way");

        await server.StopAsync();
        _mailer.Answer = Task.CompletedTask;
        await server.StartAsync();
        await server.Rooms.CreateAsync("one").Soon();

        await Patience.Until(() => _mailer.Sent.Count == 3, "all are sent");
        Assert.Equal(["a", "a", "b"], _mailer.Sent.Select(static mail => mail.To));
        Assert.Equal(_mailer.Sent[0].Id, _mailer.Sent[1].Id);
    }

    [Fact]
    public async Task MailThatCannotBeSent_StaysAndWakesTheRoomAgain()
    {
        await using DurableServer server = await StartAsync();
        _mailer.Answer = Task.FromException(new IOException("no network"));
        await InviteAsync(server, "a");
        await Patience.Until(() => _mailer.Sent.Count == 1, "it was tried");
        await server.Rooms.CloseAsync("one").Soon();

        RoomSummary resting = Assert.Single(await server.Rooms.ListStoredAsync());
        Assert.True(resting.IsAtRest);
        Assert.NotNull(resting.Alarm);
    }

    [Fact]
    public async Task Mail_IsNotSentBeforeItIsStored()
    {
        await using DurableServer server = await StartAsync();
        KrmxRoom room = await server.Rooms.CreateAsync("one").Soon();
        bool hasRung = false;
        await using var other = new SqliteConnection($"{Store};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using (SqliteTransaction transaction = other.BeginTransaction()) // nobody else writes until it ends
        {
            room.Post(() =>
            {
                _outbox!.Add("a", "come");
                room.OnAlarm("later", () => hasRung = true);
                room.SetAlarm("later", TimeSpan.Zero);
            });
            await Patience.Until(() => hasRung, "what was set after the outbox's alarm has rung");
            Assert.Empty(_mailer.Sent);
        }
        await Patience.Until(() => _mailer.Sent.Count == 1, "it is sent");
    }

    private Task<DurableServer> StartAsync() => new DurableServer(
        builder => builder.UseSqlite(Store),
        room =>
        {
            var outbox = _outbox = new Outbox(room, _mailer);
            room.OnMessage<string>("invite", (user, address) => outbox.Add(address, $"{user.Name} invites you to {room.Name}."));
        },
        options => options.Rooms.CloseTimeout = TimeSpan.FromMilliseconds(200)).StartAsync();

    private static async Task InviteAsync(DurableServer server, params string[] addresses)
    {
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(server.Uri());
        await client.LinkAsync("bob").Soon();
        foreach (string address in addresses)
            await client.SendAsync("invite", address);
        await Patience.Until(() => client.UnconfirmedBytes == 0, "all were handled");
    }

    private sealed class Mailer : IMailer
    {
        public List<Mail> Sent { get; } = [];

        public Task Answer { get; set; } = Task.CompletedTask;

        public Task SendAsync(Mail mail)
        {
            Sent.Add(mail);
            return Answer;
        }
    }
}
