using System.Collections.Immutable;
using System.Text.Json;
using Krmx.Testing;

namespace Krmx.State.Tests.Typed;

/// <summary>A client's typed view is made from what has changed, and is what the serializer makes of the whole.</summary>
public class ClientViewTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void View_IsWhatTheSerializerReads(bool isGenerated)
    {
        JsonSerializerOptions json = isGenerated ? KrmxJson.With(SpecimenJson.Default) : KrmxJson.Options;
        int kept = 0;
        for (int seed = 0; seed < 30; seed++)
        {
            var generator = new SpecimenGenerator(seed);
            var table = new Shared<Specimen>(generator.New(), json);
            for (int step = 0; step < 40; step++)
            {
                Specimen? before = table.View;
                Specimen next = generator.Change(table.State);
                table.Set(next);
                Assert.Equal(
                    JsonSerializer.Serialize(JsonSerializer.Deserialize<Specimen>(JsonSerializer.Serialize(next, json), json), json),
                    JsonSerializer.Serialize(table.View, json));
                if (before is not null)
                    kept += table.View!.Leaves.Count(leaf => before.Leaves.Any(other => ReferenceEquals(leaf, other)));
            }
        }
        Assert.True(kept > 300, $"{kept} leaves were kept");
    }

    [Fact]
    public void What_has_not_changed_is_the_same_object()
    {
        var table = new Shared<Board>(new Board("a", [.. Enumerable.Range(0, 100).Select(static i => new Note(i, $"note {i}"))], new Note(-1, "pinned"), []));
        Board before = table.View!;

        table.Set(table.State with { Notes = table.State.Notes.SetItem(50, new Note(50, "changed")) });
        Board after = table.View!;
        Assert.Equal("changed", after.Notes[50].Text);
        Assert.Equal(99, after.Notes.Zip(before.Notes).Count(static pair => ReferenceEquals(pair.First, pair.Second)));
        Assert.Same(before.Pinned, after.Pinned);

        before = after;
        table.Set(table.State with { Title = "b" });
        Assert.Equal("b", table.View!.Title);
        Assert.True(before.Notes == table.View.Notes); // one array

        before = table.View;
        table.Set(table.State with { Notes = table.State.Notes.RemoveAt(90).Insert(3, table.State.Notes[90]).Insert(60, new Note(1000, "new")) });
        Assert.Same(before.Notes[90], table.View.Notes[3]);
        Assert.Equal(100, table.View.Notes.Count(note => before.Notes.Any(other => ReferenceEquals(note, other))));
    }

    [Fact]
    public void A_type_that_is_part_of_itself_is_read()
    {
        var table = new Shared<Node>(new Node(1, [new Node(2, [new Node(3, [])]), new Node(4, [])]));
        Node before = table.View!;
        table.Set(table.State with { Parts = table.State.Parts.SetItem(0, table.State.Parts[0] with { Value = 5 }) });
        Assert.Equal(5, table.View!.Parts[0].Value);
        Assert.Equal(3, table.View.Parts[0].Parts[0].Value);
        Assert.Same(before.Parts[1], table.View.Parts[1]);
    }

    // What a type gives is not what it was made of: nobody knows which part is whose.
    [Fact]
    public void A_type_with_an_order_of_its_own_is_read_as_a_whole()
    {
        var table = new Shared<Sorted>(new Sorted([new Note(3, "c"), new Note(1, "a"), new Note(2, "b")]));
        for (int i = 0; i < 5; i++)
        {
            table.Set(new Sorted([.. table.State.Raw, new Note(-i, $"new {i}")]));
            Assert.Equal(table.State.Notes, table.View!.Notes);
        }
    }

    [Fact]
    public void A_view_that_lacks_members_is_read_as_a_whole()
    {
        var room = new TestRoom();
        ServerProjection<Board, Board> server = room.Room.AddProjection("table", new ProjectionModel<Board, Board>(
            new Board("a", [new Note(1, "one"), new Note(2, "two")], null, []), static (state, _) => state));
        room.Open();
        ClientProjection<Poor>? client = null;
        room.Link("ann", ann => client = ann.AddProjection("table", new ProjectionModel<Poor, Poor>(new Poor([]), static (state, _) => state)));
        server.Update(static board => board with { Notes = board.Notes.SetItem(1, new Note(2, "changed")) });
        room.Deliver();
        Assert.Equal([1, 2], client!.View!.Notes.Select(static note => note.Id));
        server.Update(static board => board with { Notes = board.Notes.Insert(0, new Note(3, "new")) });
        room.Deliver();
        Assert.Equal([3, 1, 2], client.View!.Notes.Select(static note => note.Id));
    }

    // A number stands for a part that is known; where one comes that is none, it is not taken for one.
    [Fact]
    public void A_number_where_there_was_an_object_is_refused_as_ever()
    {
        var room = new TestRoom();
        ServerProjection<Loose, Loose> server = room.Room.AddProjection("table", new ProjectionModel<Loose, Loose>(
            new Loose(new Note(1, "one"), new Note(2, "two"), 0), static (state, _) => state));
        room.Open();
        ClientProjection<Pair>? client = null;
        room.Link("ann", ann => client = ann.AddProjection("table", new ProjectionModel<Pair, Pair>(new(null, null, 0), static (state, _) => state)));
        Assert.Equal("two", client!.View!.B!.Text);

        server.Update(static pair => pair with { B = 0, Count = 1 });
        room.Deliver();
        Assert.False(client.IsLive);
        Assert.Equal("two", client.View.B.Text);

        server.Update(static pair => pair with { B = new Note(3, "three") });
        room.Deliver();
        Assert.True(client.IsLive);
        Assert.Equal(("one", "three"), (client.View.A!.Text, client.View.B.Text));
    }

    [Fact]
    public void A_list_that_is_filled_and_not_set_is_read_as_a_whole()
    {
        var json = new System.Text.Json.JsonSerializerOptions(KrmxJson.Options)
        {
            PreferredObjectCreationHandling = System.Text.Json.Serialization.JsonObjectCreationHandling.Populate,
        };
        var table = new Shared<Filled>(Filled.Of(1, new Note(1, "one")), json);
        for (int i = 2; i < 5; i++)
        {
            table.Set(Filled.Of(i, new Note(1, "one"), new Note(i, "more")));
            Assert.Equal([1, i], table.View!.Notes.Select(static note => note.Id));
            table.Set(Filled.Of(-i, new Note(1, "one"), new Note(i, "more")));
            Assert.Equal([1, i], table.View!.Notes.Select(static note => note.Id));
        }
    }

    [Fact]
    public void A_constructor_that_refuses_is_told_once_and_the_next_view_is_read()
    {
        var table = new Shared<Picky>(new Picky([new Small(1), new Small(2)]));
        table.Refuse(new Picky([new Small(1), new Small(-1, isAnything: true)]));
        Assert.False(table.IsLive);
        table.Set(new Picky([new Small(1), new Small(3)]));
        Assert.True(table.IsLive);
        Assert.Equal([1, 3], table.View!.All.Select(static small => small.Value));
    }

    [Fact]
    public void A_list_that_had_other_items_is_read_anew()
    {
        var table = new Shared<Board>(new Board("a", [], null, new() { ["x"] = [new Note(1, "one")] }));
        table.Set(table.State with { ByName = new() { ["y"] = table.State.ByName["x"], ["x"] = [new Note(2, "two"), .. table.State.ByName["x"]] } });
        Assert.Equal(["two", "one"], table.View!.ByName["x"].Select(static note => note.Text));
        Assert.Equal(["one"], table.View.ByName["y"].Select(static note => note.Text));
    }

    /// <summary>A projection of which one user sees all.</summary>
    private sealed class Shared<T>
        where T : class
    {
        private readonly TestRoom _room = new();
        private readonly ServerProjection<T, T> _server;
        private readonly ClientProjection<T> _client;

        public Shared(T initial, JsonSerializerOptions? json = null)
        {
            var model = new ProjectionModel<T, T>(initial, static (state, _) => state, json);
            _server = _room.Room.AddProjection("table", model);
            _room.Open();
            ClientProjection<T>? client = null;
            _room.Link("ann", ann => client = ann.AddProjection("table", model));
            _client = client!;
        }

        public T State => _server.State;

        public T? View => _client.View;

        public bool IsLive => _client.IsLive;

        public void Set(T state)
        {
            Refuse(state);
            Assert.Empty(_room.Failures);
        }

        public void Refuse(T state)
        {
            _server.Update(_ => state);
            _room.Deliver();
        }
    }

    internal sealed record Note(int Id, string Text);

    internal sealed record Board(string Title, ImmutableArray<Note> Notes, Note? Pinned, Dictionary<string, List<Note>> ByName);

    internal sealed record Node(int Value, ImmutableList<Node> Parts);

    internal sealed record Loose(Note A, object B, int Count);

    internal sealed record Pair(Note? A, Note? B, int Count);

    internal sealed class Filled
    {
        public int Count { get; set; }

        public List<Note> Notes { get; } = [];

        public static Filled Of(int count, params Note[] notes)
        {
            var filled = new Filled { Count = count };
            filled.Notes.AddRange(notes);
            return filled;
        }
    }

    internal sealed record Poor(ImmutableArray<PoorNote> Notes);

    internal sealed record PoorNote(int Id);

    internal sealed class Sorted(ImmutableArray<Note> notes)
    {
        public ImmutableArray<Note> Notes { get; } = [.. notes.OrderBy(static note => note.Id)];

        internal ImmutableArray<Note> Raw => notes;
    }

    internal sealed record Picky(ImmutableArray<Small> All);

    internal sealed record Small
    {
        [System.Text.Json.Serialization.JsonConstructor]
        public Small(int value) => Value = value < 0 ? throw new JsonException("too small") : value;

        public Small(int value, bool isAnything) => Value = isAnything ? value : 0;

        public int Value { get; }
    }
}
