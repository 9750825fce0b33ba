using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;
using Krmx.State;

namespace Krmx.FunctionalTests.Cli;

/// <summary>krmx serve, with the clients of both sides.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krmx-serve").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Message_ReachesTheOthers()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync();
        await using CliProcess process = server;
        await using NpmPeer npm = NpmPeer.Start("peers/client.mjs");
        await npm.DoAsync("connect", new() { ["client"] = "a", ["url"] = url });
        await npm.DoAsync("link", new() { ["client"] = "a", ["username"] = "alice" });
        await using KrmxClient bob = await LinkAsync(url, "bob");
        var heard = new List<string>();
        bob.OnMessage(message => heard.Add(message.ToString()));

        await bob.SendAsync("move", 1.5);
        await Patience.Until(() => npm.Count("message", "a") == 1, "the message");
        Assert.Equal("""{"type":"move","payload":1.5}""", npm.Events.Last()["message"]!.ToJsonString());
        await npm.DoAsync("send", new() { ["client"] = "a", ["message"] = new JsonObject { ["type"] = "answer" } });
        await Patience.Until(() => heard.Count > 0, "the answer");

        // Its own message would have come before the answer.
        Assert.Equal(["""{"type":"answer"}"""], heard);
        Assert.Equal((0, ""), await server.InterruptAsync());
        Assert.Contains(server.Lines, line => line.EndsWith(" alice joined", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.EndsWith(" bob linked (2 here)", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.EndsWith(" bob left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Atoms_AreKeptForNewcomers()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync();
        await using CliProcess process = server;
        await using var alice = new KrmxClient();
        ClientAtoms atoms = alice.AddAtoms();
        await alice.ConnectAsync(url);
        await alice.LinkAsync("alice");
        await atoms.SetAsync("round", 3).Soon();

        await using var bob = new KrmxClient();
        var heard = new List<string>();
        bob.OnMessage(message => heard.Add(message.ToString()));
        await bob.ConnectAsync(url);
        await bob.LinkAsync("bob");
        await Patience.Until(() => heard.Count > 0, "the atom");
        await alice.SendAsync("next");
        await Patience.Until(() => heard.Count > 1, "the message");
        Assert.Equal(["""{"type":"atom/set","payload":{"key":"round","atom":3}}""", """{"type":"next"}"""], heard);
    }

    [Fact]
    public async Task Rooms_AreApart_AndTheSenderMayBeIncluded()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync("--rooms", "--include-sender", "--verbose");
        await using CliProcess process = server;
        Assert.EndsWith("/rooms/{room}", url, StringComparison.Ordinal);
        await using KrmxClient chess = await LinkAsync(url.Replace("{room}", "chess", StringComparison.Ordinal), "alice");
        await using KrmxClient cards = await LinkAsync(url.Replace("{room}", "cards", StringComparison.Ordinal), "alice");
        var heard = new List<string>();
        chess.OnMessage(message => heard.Add("chess " + message.Type));
        cards.OnMessage(message => heard.Add("cards " + message.Type));
        await chess.SendAsync("a");
        await Patience.Until(() => heard.Count == 1, "the sender's own message");
        await cards.SendAsync("b");
        await Patience.Until(() => heard.Count == 2, "the sender's own message");
        Assert.Equal(["chess a", "cards b"], heard);
        await server.LineAsync("""[cards] alice: {"type":"b"}""");
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("INT")]
    public async Task Store_HasRoomsOutliveTheProcess(string signal)
    {
        string file = Path.Combine(_folder, "rooms; of mine.db");
        string[] options = ["--rooms", "--store", file];
        (CliProcess first, string url) = await CliProcess.ServeAsync(options);
        await using CliProcess process = first;
        url = url.Replace("{room}", "chess", StringComparison.Ordinal);
        await using var alice = new KrmxClient(Expect.Hasty);
        ClientAtoms atoms = alice.AddAtoms();
        var happened = new List<string>();
        alice.OnRecover(() => happened.Add("recovered"));
        alice.OnGap(_ => happened.Add("gap"));
        alice.OnMessage("answer", _ => happened.Add("answer"));
        await alice.ConnectAsync(url);
        await alice.LinkAsync("alice").Soon();
        await using KrmxClient bob = await LinkAsync(url, "bob");
        await atoms.SetAsync("round", 3).Soon();

        if (signal == "KILL")
            await first.KillAsync();
        else
            Assert.Equal((0, ""), await first.InterruptAsync());
        Assert.True(File.Exists(file));
        await Patience.Until(() => alice.Status == ClientStatus.Reconnecting, "the server is gone");
        await using CliProcess second = CliProcess.Start(["serve", "--port", $"{new Uri(url).Port}", .. options]);
        await bob.SendAsync("answer").Soon();

        await Patience.Until(() => happened.Count == 2, "the message of after the restart");
        Assert.Equal(["recovered", "answer"], happened);
        await second.LineAsync("[chess] alice unlinked: the server was restarted");
        await using var carol = new KrmxClient(Expect.Hasty);
        ClientAtoms found = carol.AddAtoms();
        await carol.ConnectAsync(url);
        await carol.LinkAsync("carol").Soon();
        Assert.Equal(3, found["round"]?.Number);
        Assert.Equal(["alice", "bob", "carol"], carol.Users.Select(static user => user.Name).Order());
    }

    [Fact]
    public async Task StoreThatAnotherServerHasOpen_IsOneLineAndEndsWith1()
    {
        string file = Path.Combine(_folder, "rooms.db");
        (CliProcess server, _) = await CliProcess.ServeAsync("--store", file);
        await using CliProcess process = server;
        string line = await CliProcess.FailAsync(1, "serve", "--port", "0", "--store", file);
        Assert.StartsWith($"cannot keep rooms in {file}: The room store '{file}' is open in another process", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreInNoDirectory_IsOneLineAndEndsWith1() => Assert.Contains(
        $"The directory '{Path.Combine(_folder, "none")}' of the room store",
        await CliProcess.FailAsync(1, "serve", "--port", "0", "--store", Path.Combine(_folder, "none", "rooms.db")),
        StringComparison.Ordinal);

    [Fact]
    public async Task StoreThatIsNone_IsOneLineAndEndsWith1()
    {
        string file = Path.Combine(_folder, "letter.txt");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("Dear Sir or Madam, this is no database. ", 100)), TestContext.Current.CancellationToken);
        Assert.StartsWith($"cannot keep rooms in {file}: ", await CliProcess.FailAsync(1, "serve", "--port", "0", "--store", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreWithoutTheLibraryOfSqlite_IsOneLineAndEndsWith1()
    {
        // As where the native program alone was copied to another place.
        string from = Path.GetDirectoryName(BuiltProgram.PathOf("Krmx.Cli"))!;
        foreach (string file in (string[])[.. Directory.GetFiles(from, "*.dll"), Path.Combine(from, "krmx.runtimeconfig.json")])
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        string store = Path.Combine(_folder, "rooms.db");
        Assert.Equal(
            (1, $"krmx: cannot keep rooms in {store}: SQLite is missing: put the library e_sqlite3, which is published with the program, beside it.\n"),
            await Tool.RunAsync(_folder, "dotnet", "krmx.dll", "serve", "--port", "0", "--store", store));
    }

    [Fact]
    public async Task PortInUse_IsOneLineAndEndsWith1()
    {
        await using var host = new KrmxServer(_ => { });
        int port = await host.ListenAsync();
        string line = await CliProcess.FailAsync(1, "serve", "--port", $"{port}");
        Assert.Matches($"^cannot listen at http://localhost:{port}: .*ddress already in use; choose another with --port, or 0 for any", line);
    }

    [Fact]
    public async Task AddressOfAnotherMachine_IsOneLineAndEndsWith1() => Assert.EndsWith(
        "--host must be an address of this machine", await CliProcess.FailAsync(1, "serve", "--host", "192.0.2.1"), StringComparison.Ordinal);

    private static async Task<KrmxClient> LinkAsync(string url, string username)
    {
        var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(url);
        await client.LinkAsync(username);
        return client;
    }
}
