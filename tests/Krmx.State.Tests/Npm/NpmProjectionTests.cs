using System.Text;
using System.Text.Json;
using Krmx.Testing;

namespace Krmx.State.Tests.Npm;

/// <summary>npm's ProjectionClient, fed with nothing but the deltas of our server, has the view that the server has for its user.</summary>
[FullRunOnly]
public class NpmProjectionTests
{
    private const int Users = 8;
    private const int Turns = 3_500;
    private const int BatchSize = 250;

    [Fact]
    public void Deltas_OfRandomViews_GiveNpmTheSameViews()
    {
        var room = new TestRoom();
        ServerProjection<World, WorldView> world = room.Room.AddProjection(
            "world", new ProjectionModel<World, WorldView>(World.Empty, static (world, user) => world.View(user)));
        room.Open();
        TestClient[] clients = [.. Enumerable.Range(0, Users).Select(seat => room.Link($"user{seat}"))];
        Follower[] followers = [.. clients.Select(client => new Follower(world, client))];

        var random = new Random(11);
        for (int turn = 0; turn < Turns; turn++)
        {
            world.Update(world => world.Next(random));
            room.Deliver();
            foreach (Follower follower in followers)
                follower.Look();
        }

        Assert.Empty(room.Failures);
        using var oracle = new NodeOracle("peers-state/oracle.mjs");
        int deltas = followers.Sum(follower => follower.Compare(oracle));
        int moves = followers.Sum(static follower => follower.Moves);
        TestContext.Current.TestOutputHelper!.WriteLine($"{deltas} deltas, {moves} of them with moves");
        Assert.InRange(deltas, 20_000, Users * Turns);
        Assert.InRange(moves, 1_000, deltas);
    }

    /// <summary>A user, what was sent to it and what it ought to see.</summary>
    private sealed class Follower(ServerProjection<World, WorldView> world, TestClient client)
    {
        private readonly List<(JsonTree Delta, JsonTree View)> _steps = [];
        private readonly JsonTree _first = View(world, client);
        private int _looked = client.Received.Count;

        public int Moves { get; private set; }

        public void Look()
        {
            JsonTree view = View(world, client);
            if (client.Received.Count == _looked)
            {
                Assert.Equal(_steps.Count == 0 ? _first : _steps[^1].View, view);
                return;
            }
            Assert.Equal(++_looked, client.Received.Count);
            JsonTree message = JsonTree.Parse(Encoding.UTF8.GetBytes(client.Received[^1]));
            Assert.Equal("projection/delta", message["type"]!.Text);
            Moves += client.Received[^1].Contains(",3]", StringComparison.Ordinal) ? 1 : 0;
            _steps.Add((message["payload"]!["delta"]!, view));
        }

        /// <summary>Has npm apply all deltas.</summary>
        /// <returns>How many.</returns>
        public int Compare(NodeOracle oracle)
        {
            JsonTree view = _first;
            foreach ((JsonTree Delta, JsonTree View)[] batch in _steps.Chunk(BatchSize))
            {
                JsonTree answer = oracle.Ask(
                    JsonTree.Of("follow"), view, JsonTree.ArrayOf(batch.Select(static step => step.Delta)));
                Assert.Equal(batch.Length, answer.Items.Length);
                foreach (((JsonTree delta, JsonTree expected), JsonTree actual) in batch.Zip(answer.Items))
                    Assert.True(expected.Equals(actual), $"{view}\nand the delta\n{delta}\ngive npm\n{actual}\nand not\n{view = expected}");
                view = batch[^1].View;
            }
            return _steps.Count;
        }

        private static JsonTree View(ServerProjection<World, WorldView> world, TestClient client) =>
            JsonTree.Parse(JsonSerializer.SerializeToUtf8Bytes(world.View(client.Username!), KrmxJson.Options));
    }
}
