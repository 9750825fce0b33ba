using Krmx.FunctionalTests.Client.Harness;
using Krmx.Sqlite;
using Krmx.State;
using Krmx.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Server.Durable;

/// <summary>A backup of a running server's store takes its place.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krmx-backup").FullName;

    private string Store => Path.Combine(_folder, "rooms.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RestoredBackup_HasRoomsAsTheyWere_AndClientsThatWereAheadAreTold()
    {
        KrmxValue<int>? count = null;
        await using DurableServer server = await new DurableServer(builder => builder.UseSqlite($"Data Source={Store}"), room =>
        {
            KrmxValue<int> value = count = room.AddValue("count", 0);
            room.OnMessage("count", (_, _) => room.Broadcast("counted", value.Update(static n => n + 1)));
        }).StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        var happened = new List<string>();
        client.OnMessage<int>("counted", n => happened.Add($"counted {n}"));
        client.OnRecover(() => happened.Add("recovered"));
        client.OnGap(_ => happened.Add("gap"));
        await client.ConnectAsync(server.Uri());
        await client.LinkAsync("bob").Soon();
        await client.SendAsync("count");
        await Patience.Until(() => happened.Count == 1, "it has counted");

        string copy = Path.Combine(_folder, "copy.db");
        await ((SqliteRoomStore)server.Services.GetRequiredService<IRoomStore>()).BackupAsync(copy, TestContext.Current.CancellationToken).Soon();
        await client.SendAsync("count");
        await Patience.Until(() => happened.Count == 2 && client.UnconfirmedBytes == 0, "it has counted on, and the client knows");
        await server.StopAsync();
        foreach (string file in (string[])[Store, $"{Store}-wal", $"{Store}-shm"])
            File.Delete(file);
        File.Move(copy, Store);
        await server.StartAsync();

        await Patience.Until(() => happened.Count == 3 && client.Status == ClientStatus.Linked, "the client is back");
        await client.SendAsync("count");
        await Patience.Until(() => happened.Count > 3, "it counts");
        Assert.Equal(["counted 1", "counted 2", "gap", "counted 2"], happened);
        KrmxRoom room = server.Rooms.Find("one")!;
        Assert.Equal(2, await room.InvokeAsync(() => count!.Value).Soon());
        server.Logs.AssertNoErrors([]);
    }
}
