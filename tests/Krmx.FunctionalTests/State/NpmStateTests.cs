using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.State.Game;
using Krmx.FunctionalTests.State.Harness;
using Krmx.State;

namespace Krmx.FunctionalTests.State;

/// <summary>Shared state with the models of npm's @krmx/state on one side, ours on the other, and both at one server.</summary>
public sealed class NpmStateTests
{
    private const int Rounds = 600;

    /// <summary>What no model lets through, and every server refuses.</summary>
    private static readonly string[] Invalid =
    [
        """{"type":"projection/action","payload":{"domain":"table","action":{"type":"play","payload":{"card":5}}}}""",
        """{"type":"projection/action","payload":{"domain":"table","action":{"type":"play"},"optimisticId":"unknown"}}""",
        """{"type":"projection/action","payload":{"domain":"table","action":{"type":"steal"}}}""",
        """{"type":"stream/append","payload":{"domain":"board","dispatcher":"eve","event":{"type":"post","payload":{"text":""}}}}""",
        """{"type":"stream/append","payload":{"domain":"board","dispatcher":"eve","event":{"type":"like","payload":1}}}""",
    ];

    public enum ServerKind
    {
        Dotnet,
        Npm,
        NpmRelaying,
    }

    [Theory]
    [InlineData(ServerKind.Dotnet)]
    [InlineData(ServerKind.Npm)]
    [InlineData(ServerKind.NpmRelaying)]
    public async Task Players_OfBothSides_EndWithWhatTheServerHas(ServerKind kind)
    {
        await using IGameServer server = await StartAsync(kind);
        await using NpmPeer peer = NpmPeer.Start("peers-state/state-client.mjs");
        await using var alice = new DotnetGamePlayer("alice", server.Uri);
        await using var bob = new NpmGamePlayer(peer, "bob", server.Uri);
        await using var carol = new DotnetGamePlayer("carol", server.Uri);
        await using var dave = new NpmGamePlayer(peer, "dave", server.Uri);
        IGamePlayer[] players = [alice, bob, carol, dave];
        foreach (IGamePlayer player in players)
            await player.LinkAsync();

        var random = new Random(3);
        for (int round = 0; round < Rounds; round++)
        {
            IGamePlayer player = players[random.Next(players.Length)];
            await DoSomethingAsync(player, random);
            if (round % 50 == 49)
                await CutAsync(server, player, random);
        }

        foreach (IGamePlayer player in players)
            await ExpectSameAsync(server, player);
        foreach (IGamePlayer player in players)
            await player.VerifyAsync();
        await server.VerifyAsync();
        Assert.All([alice, carol], player => Assert.Contains(DispatchStatus.Accepted, player.Results));
        // npm says of what changed nothing for the dispatcher, and of what it refused, only that it is over.
        Assert.All([alice, carol], player =>
            Assert.Contains(kind == ServerKind.Dotnet ? DispatchStatus.Refused : DispatchStatus.Released, player.Results));
    }

    private static async Task<IGameServer> StartAsync(ServerKind kind) => kind == ServerKind.Dotnet
        ? await DotnetGameServer.StartAsync()
        : await NpmGameServer.StartAsync(relays: kind == ServerKind.NpmRelaying);

    private static async Task DoSomethingAsync(IGamePlayer player, Random random)
    {
        switch (random.Next(16))
        {
            case < 4:
                await player.ActAsync(Table.Draw());
                break;
            case < 7:
                await player.ActAsync(Table.Play(new Play(await CardAsync(player, random))));
                break;
            case 7:
                await player.ActAsync(random.Next(3) == 0 ? Table.Recycle() : Table.Cheat());
                break;
            case 8:
                await player.ActAsync(Table.Note(new Note($"note {random.Next(5)} ü😀")));
                break;
            case 9:
                await player.AppendAsync(Board.Post(new PostText($"日本 \"{random.Next(100)}\"")));
                break;
            case 10:
                await player.AppendAsync(Board.Like());
                break;
            case 11:
                await player.AppendAsync(Board.Add(new Amount(random.Next(-20, 20) / 4.0)));
                break;
            case 12:
                await player.AppendAsync(Board.Remove(new PostIndex(random.Next(0, 8))));
                break;
            case 13:
                await player.SetAsync($"key {random.Next(4)}", JsonValue.Create(random.Next(100) / 2.0));
                break;
            case 14:
                await player.SetAsync($"{player.Name}/é", random.Next(2) == 0 ? JsonValue.Create("text") : JsonValue.Create(true));
                break;
            default:
                await player.SendAsync(Invalid[random.Next(Invalid.Length)]);
                break;
        }
    }

    /// <summary>A card of the player's hand, or any.</summary>
    private static async Task<string> CardAsync(IGamePlayer player, Random random)
    {
        JsonArray? hand = (await player.StateAsync())["view"]?["hand"]?.AsArray();
        return hand is { Count: > 0 } && random.Next(4) > 0
            ? (string)hand[random.Next(hand.Count)]!["id"]!
            : Card.Of(random.Next(1, Table.CardCount + 1)).Id;
    }

    /// <summary>Cuts the connection of a player, who goes on dispatching until noticing it, and links again.</summary>
    private static async Task CutAsync(IGameServer server, IGamePlayer player, Random random)
    {
        player.Proxy.CutFromServer();
        await DoSomethingAsync(player, random);
        await Patience.Until(async () => !await server.IsLinkedAsync(player.Name), "the server notices the cut");
        player.Proxy.CutFromClient();
        await player.RelinkAsync();
    }

    private static async Task ExpectSameAsync(IGameServer server, IGamePlayer player)
    {
        JsonObject expected = [], actual = [];
        try
        {
            await Patience.Until(
                async () =>
                {
                    expected = await server.StateAsync(player.Name);
                    expected["optimisticBoard"] = expected["board"]!.DeepClone();
                    actual = await player.StateAsync();
                    return JsonNode.DeepEquals(expected, actual);
                },
                "the same state");
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{player.Name} has\n{actual.ToJsonString()}\nand the server\n{expected.ToJsonString()}", error);
        }
    }
}
