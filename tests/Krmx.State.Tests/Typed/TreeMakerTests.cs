using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Krmx.Testing;

namespace Krmx.State.Tests;

/// <summary>The trees of views, seen from outside: what a client is sent must be what the serializer would have written.</summary>
public sealed class TreeMakerTests
{
    /// <summary>
    /// Views with every rule of the serializer, changed at random: every user's copy is what the serializer makes of the view.
    /// </summary>
    [Theory, FullRunOnly]
    [InlineData(false)]
    [InlineData(true)]
    public void Views_AreWhatTheSerializerWrites(bool leavesOutNull)
    {
        var json = new JsonSerializerOptions(SpecimenJson.Default.Options)
        {
            DefaultIgnoreCondition = leavesOutNull ? JsonIgnoreCondition.WhenWritingNull : JsonIgnoreCondition.Never,
        };
        for (int seed = 0; seed < 60; seed++)
        {
            var generator = new SpecimenGenerator(seed);
            Specimen common = generator.New();
            var views = new Dictionary<string, Specimen> { ["ann"] = common, ["bob"] = generator.Change(common) };
            var copies = new ViewCopies(views, json);
            for (int step = 0; step < 40; step++)
            {
                views["ann"] = generator.Change(views["ann"]);
                if (step % 3 == 0)
                    views["bob"] = generator.Change(step % 2 == 0 ? views["ann"] : views["bob"]);
                copies.Next();
                copies.AssertAreWritten($"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Views_ThatShareAllButOneItem_DifferInThatItemAlone()
    {
        ImmutableArray<Leaf> leaves = [.. Enumerable.Range(0, 1000).Select(number => new Leaf($"leaf{number}", number))];
        string frame = FrameOfChange(leaves, leaves.SetItem(500, new Leaf("leaf500", -1)));
        Assert.Equal("""{"type":"projection/delta","payload":{"domain":"d","delta":{"_t":"a","500":{"value":[0,-1]}}}}""", frame);
    }

    [Fact]
    public void Views_WithAnItemInsertedAndOneMoved_AreNotRewritten()
    {
        ImmutableArray<Leaf> leaves = [.. Enumerable.Range(0, 100).Select(number => new Leaf($"leaf{number}", number))];
        string frame = FrameOfChange(leaves, leaves.RemoveAt(90).Insert(10, leaves[90]).Insert(50, new Leaf("new", 0)));
        Assert.Equal(
            """{"type":"projection/delta","payload":{"domain":"d","delta":{"_t":"a","_90":["",10,3],"50":[{"id":"new","value":0}]}}}""",
            frame);
    }

    [Fact]
    public void View_ThatContainsItself_IsRefusedAndChangesNothing()
    {
        var knot = new Knot();
        knot.Next = knot;
        var model = new ProjectionModel<Knot, Knot>(new Knot(), static (state, _) => state);
        var room = new TestRoom();
        ServerProjection<Knot, Knot> server = room.Room.AddProjection("d", model);
        room.Open();
        room.Link("ann");

        Assert.Throws<JsonException>(() => server.Update(_ => knot));
        Assert.Null(server.State.Next);
    }

    private static string FrameOfChange(ImmutableArray<Leaf> before, ImmutableArray<Leaf> after)
    {
        var model = new ProjectionModel<ImmutableArray<Leaf>, ImmutableArray<Leaf>>(before, static (state, _) => state);
        var room = new TestRoom();
        ServerProjection<ImmutableArray<Leaf>, ImmutableArray<Leaf>> server = room.Room.AddProjection("d", model);
        room.Open();
        TestClient client = room.Link("ann");
        server.Update(_ => after);
        room.Deliver();
        return client.Received[^1];
    }

    private sealed class Knot
    {
        public Knot? Next { get; set; }
    }

    /// <summary>The views of users as their clients' copies of the JSON.</summary>
    private sealed class ViewCopies
    {
        private readonly TestRoom _room = new();
        private readonly Dictionary<string, Specimen> _views;
        private readonly Dictionary<string, JsonTree> _copies = [];
        private readonly JsonTypeInfo<Specimen> _type;
        private readonly ServerProjection<int, Specimen> _server;

        public ViewCopies(Dictionary<string, Specimen> views, JsonSerializerOptions json)
        {
            _views = views;
            _type = (JsonTypeInfo<Specimen>)json.GetTypeInfo(typeof(Specimen));
            _server = _room.Room.AddProjection("d", new ProjectionModel<int, Specimen>(0, (_, user) => _views[user], json));
            _room.Open();
            foreach (string name in views.Keys)
            {
                _room.Link(name, client => client.OnMessage(message =>
                {
                    JsonTree payload = JsonTree.Parse(message.Payload.Span);
                    _copies[name] = payload["projection"] ?? JsonDelta.Apply(_copies[name], payload["delta"]!);
                }));
            }
        }

        public void Next()
        {
            _server.Update(state => state + 1);
            _room.Deliver();
            Assert.Empty(_room.Failures);
        }

        public void AssertAreWritten(string when)
        {
            foreach ((string name, Specimen view) in _views)
            {
                var written = JsonTree.From(view, _type);
                Assert.True(written.Equals(_copies[name]), $"{when}, {name}\nwritten {written}\ncopy    {_copies[name]}");
            }
        }
    }
}
