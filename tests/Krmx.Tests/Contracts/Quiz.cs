using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using Krmx.State;

namespace Krmx.Tests.Contracts;

/// <summary>A room with something of everything that a contract can have.</summary>
internal static class Quiz
{
    public static void Configure(KrmxRoom room)
    {
        room.Sends<Messaged>();
        room.Sends<Topic>("quiz/topic");
        room.Sends<Shape>("quiz/shape");
        room.Sends<Field>("quiz/field");
        room.OnMessage<Say>((user, say) => room.Broadcast(new Messaged(user.Name, say.Text, say.Colour)));
        room.OnMessage<Pointer>((user, pointer) => room.BroadcastVolatileExcept(user.Name, pointer));
        room.Sends<Pointer>();
        room.OnMessage<ImmutableArray<int>>("quiz/votes", (_, _) => { });
        room.OnMessage<Field>("quiz/choose", (_, _) => { });
        room.OnRequest("seat/take", (KrmxUser user, TakeSeat take) => new Seat(take.Number, user.Name));
        room.OnRequest("seat/free", (KrmxUser _) => 3);
        room.AddProjection("board", Board());
        room.AddStream("score", Score());
        room.AddAtoms();
    }

    private static ProjectionModel<BoardState, BoardView> Board()
    {
        var model = new ProjectionModel<BoardState, BoardView>(
            new BoardState([]), static (state, _) => new BoardView([.. state.Notes.Select(note => new NoteView(note, null))], Colour.Red));
        model.When<AddNote>("note/add", static (state, _, add) => new BoardState(state.Notes.Add(add.Text)));
        model.When("board/clear", static (_, _) => new BoardState([]));
        return model;
    }

    private static StreamModel<int> Score()
    {
        var model = new StreamModel<int>(0);
        model.When<int>("score/add", static (state, _, points) => state + points);
        return model;
    }

    internal enum Colour
    {
        Red,
        DarkBlue,
    }

    [Description("What somebody says.")]
    internal sealed record Say(string Text, Colour? Colour = null) : IKrmxMessage
    {
        public static string Type => "chat/message";
    }

    internal sealed record Messaged(string Username, string Text, Colour? Colour) : IKrmxMessage
    {
        public static string Type => "chat/messaged";
    }

    internal sealed record Pointer(double X, double Y) : IKrmxMessage
    {
        public static string Type => "board/pointer";
    }

    // Part of itself, in a list and alone.
    internal sealed record Topic(string Title, ImmutableArray<Topic> Parts, Topic? Next, Dictionary<string, int> Counts);

    // Written as one of several, and as itself.
    [JsonDerivedType(typeof(Shape), "shape")]
    [JsonDerivedType(typeof(Circle), "circle")]
    internal record Shape(string Id);

    internal sealed record Circle(string Id, double Radius) : Shape(Id);

    // First seen as one that may be null; and not the same to read as to write.
    internal sealed record Field(Cell? Chosen, ImmutableArray<Cell> Cells, long Id = 0, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null);

    internal readonly record struct Cell(int X, int Y);

    internal sealed record TakeSeat([Description("From 1 on.")] int Number);

    internal sealed record Seat(int Number, string Owner);

    internal sealed record BoardState(ImmutableArray<string> Notes);

    internal sealed record BoardView(ImmutableArray<NoteView> Notes, Colour Colour);

    internal sealed record NoteView(string Text, DateTimeOffset? Due);

    internal sealed record AddNote(string Text, int Column = 0);
}
