using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Durable;
using Krmx.State;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Cli;

/// <summary><c>krmx replay</c>, which reads the rooms of a server again while it has them.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krmx-replay").FullName;

    private string File => Path.Combine(_folder, "rooms.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_ShowsAUserWhatItWasSentAndNobodyElsesSecrets()
    {
        await using DurableServer server = await StartAsync();
        await using var alice = new KrmxClient(Expect.Hasty);
        await using var bob = new KrmxClient(Expect.Hasty);
        foreach ((KrmxClient client, string name) in new[] { (alice, "alice"), (bob, "bob") })
        {
            await client.ConnectAsync(server.Uri());
            await client.LinkAsync(name).Soon();
            await client.RequestAsync<string, int>("keep", $"the secret of {name}").Soon();
        }

        (int exitCode, string ofBob, string errors) = await CliProcess.RunAsync(["replay", File, "--room", "one", "--as", "bob"]);
        (_, string ofServer, _) = await CliProcess.RunAsync(["replay", File, "--room", "one"]);
        (_, string before, _) = await CliProcess.RunAsync(["replay", File, "--room", "one", "--at", "1"]);
        (_, string rooms, _) = await CliProcess.RunAsync(["replay", File]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("the secret of bob", ofBob);
        Assert.Contains("krmx/accepted", ofBob);
        Assert.DoesNotContain("the secret of alice", ofBob);
        Assert.Contains("users: alice, bob", ofServer);
        Assert.Contains("value 'kept': 2", ofServer);
        Assert.DoesNotContain("value 'kept': 1", before);
        Assert.StartsWith("one\t", rooms);
    }

    [Fact]
    public async Task Follow_GoesOnAsTheRoomDoes()
    {
        await using DurableServer server = await StartAsync();
        await using var bob = new KrmxClient(Expect.Hasty);
        await bob.ConnectAsync(server.Uri());
        await bob.LinkAsync("bob").Soon();
        await bob.RequestAsync<string, int>("keep", "one").Soon();
        await using CliProcess follower = CliProcess.Start("replay", File, "--room", "one", "--as", "bob", "--follow");
        await Patience.Until(() => follower.Lines.Any(static line => line.Contains("\"one\"", StringComparison.Ordinal)), "the first is shown");

        await bob.RequestAsync<string, int>("keep", "two").Soon();

        await Patience.Until(() => follower.Lines.Any(static line => line.Contains("\"two\"", StringComparison.Ordinal)), "the second is shown");
    }

    [Fact]
    public async Task WhatCannotBeReadIsTold()
    {
        Assert.Contains("There is no room store", await CliProcess.FailAsync(1, "replay", File));
        await using DurableServer server = await StartAsync();
        await server.Rooms.CreateAsync("one").Soon();
        await server.Rooms.Find("one")!.InvokeAsync(static () => true).Soon();

        Assert.Contains("there is no history of the room /rooms/{room} two", await CliProcess.FailAsync(1, "replay", File, "--room", "two"));
    }

    private Task<DurableServer> StartAsync() => new DurableServer(
        builder => builder.UseSqlite($"Data Source={File}"),
        static room =>
        {
            KrmxValue<int> kept = room.AddValue("kept", 0);
            room.OnRequest<string, int>("keep", (user, text) =>
            {
                room.Send(user.Name, "kept", text);
                return kept.Update(static count => count + 1);
            });
        },
        static options => options.Storage.History = true).StartAsync();
}
