using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Krmx.Client;
using Krmx.Protocol;
using Krmx.Testing;

namespace Krmx.State.Tests;

/// <summary>What a client does with what it cannot follow: it says so, answers what was answered, and comes back where it can.</summary>
public sealed class FollowingTests
{
    private readonly TestRoom _room = new();
    private readonly List<DispatchResult> _results = [];

    public static TheoryData<Exception> Failures => [new InvalidOperationException("planted"), new JsonException("planted")];

    [Theory]
    [MemberData(nameof(Failures))]
    public void View_WhoseConstructorThrows_IsNotLive_AndTheDispatchIsAnswered(Exception failure)
    {
        (DialModel model, ClientProjection<Dial> dial, TestClient client) = LinkToDial();
        model.Failure = failure;

        dial.Dispatch(model.Turn(13), _results.Add);
        _room.Deliver();

        Assert.Equal([DispatchStatus.Accepted], _results.Select(result => result.Status));
        Assert.Equal(0, dial.PendingCount);
        Assert.False(dial.IsLive);
        Assert.Equal(1, dial.View!.Number);
        Assert.Equal(1, _room.Failures.Count + _room.Refusals.Count);
        Assert.Equal(ClientStatus.Linked, client.Status);
    }

    [Fact]
    public void View_ThatCanBeReadAgain_IsLiveAgainAndRight()
    {
        (DialModel model, ClientProjection<Dial> dial, _) = LinkToDial();
        var shown = new List<(int? Number, bool IsLive)>();
        dial.OnChange(view => shown.Add((view?.Number, dial.IsLive)));
        model.Failure = new InvalidOperationException("planted");

        dial.Dispatch(model.Turn(13));
        _room.Deliver();
        dial.Dispatch(model.Turn(7));
        _room.Deliver();

        Assert.True(dial.IsLive);
        Assert.Equal((7, 2), (dial.View!.Number, dial.View.Turns));
        Assert.Equal([(1, false), (7, true)], shown);
    }

    [Fact]
    public void View_ThatCannotBeReadAtTheLink_LeavesTheStateNotLive()
    {
        var model = new DialModel { Failure = new InvalidOperationException("planted") };
        _room.Room.AddProjection("dial", model.Model).Update(_ => new Dialled(13, 0));
        _room.Open();
        ClientProjection<Dial>? dial = null;

        _room.Link("ann", client => dial = client.AddProjection("dial", model.Model));

        Assert.False(dial!.IsLive);
        Assert.Null(dial.View);
    }

    [Theory]
    [InlineData("""{"number":[0,2],"nothing":{"a":[1]}}""")]
    [InlineData("[7,0,0]")]
    [InlineData("7")]
    public void Delta_ThatDoesNotApply_EndsLivenessUntilTheWholeViewComes(string delta)
    {
        (DialModel model, ClientProjection<Dial> dial, TestClient client) = LinkToDial();

        Deliver(client, "projection/delta", $$"""{"domain":"dial","delta":{{delta}}}""");
        Assert.False(dial.IsLive);
        dial.Dispatch(model.Turn(7), _results.Add);
        _room.Deliver();

        Assert.Equal([DispatchStatus.Accepted], _results.Select(result => result.Status));
        Assert.Equal(0, dial.PendingCount);
        Assert.False(dial.IsLive);
        Assert.Equal(1, dial.View!.Number);

        Relink(client);
        Assert.True(dial.IsLive);
        Assert.Equal(7, dial.View!.Number);
    }

    [Theory]
    [InlineData("projection/delta", """{"domain":"dial","delta":{},"optimisticId":7}""")]
    [InlineData("projection/delta", """{"domain":"dial"}""")]
    [InlineData("projection/set", """{"domain":"dial","projection":"no dial"}""")]
    [InlineData("projection/set", "[]")]
    public void Message_ThatIsNotUnderstood_EndsLiveness(string type, string payload)
    {
        (_, ClientProjection<Dial> dial, TestClient client) = LinkToDial();
        Deliver(client, type, payload);
        Assert.False(dial.IsLive);
        Relink(client);
        Assert.True(dial.IsLive);
    }

    [Theory]
    [InlineData("""{"domain":"sum","dispatcher":"bob","event":{"type":"unknown"}}""")]
    [InlineData("""{"domain":"sum","dispatcher":"bob","event":{"type":"add","payload":"three"}}""")]
    [InlineData("""{"domain":"sum","event":{"type":"add","payload":3}}""")]
    [InlineData("""{"domain":"sum","dispatcher":"bob","event":7}""")]
    public void Event_ThatIsNotUnderstood_EndsLivenessUntilTheWholeLogComes(string payload)
    {
        var model = new StreamModel<int>(0);
        Func<int, KrmxAction> add = model.When<int>("add", static (sum, _, number) => sum + number);
        _room.Room.AddStream("sum", model);
        _room.Open();
        ClientStream<int>? sum = null;
        TestClient client = _room.Link("ann", client => sum = client.AddStream("sum", model));
        sum!.Dispatch(add(1));
        _room.Deliver();

        Deliver(client, "stream/append", payload);
        Assert.False(sum.IsLive);
        sum.Dispatch(add(2), _results.Add);
        _room.Deliver();

        Assert.Equal([DispatchStatus.Accepted], _results.Select(result => result.Status));
        Assert.False(sum.IsLive);
        Assert.Equal(1, sum.State);

        Relink(client);
        Assert.True(sum.IsLive);
        Assert.Equal(3, sum.State);
    }

    [Fact]
    public void Atom_ThatIsNotUnderstood_EndsLivenessUntilAllComeAgain()
    {
        _room.Room.AddAtoms();
        _room.Open();
        ClientAtoms? atoms = null;
        TestClient client = _room.Link("ann", client => atoms = client.AddAtoms());

        Deliver(client, "atom/set", """{"key":"a","atom":{"neither":"text"}}""");
        atoms!.Set("b", 2, _results.Add);
        _room.Deliver();

        Assert.Equal([DispatchStatus.Accepted], _results.Select(result => result.Status));
        Assert.False(atoms.IsLive);
        Assert.Equal(2, atoms["b"]?.Number);

        Relink(client);
        Assert.True(atoms.IsLive);
    }

    [Fact]
    public void View_IsForgottenWithAnUnlinkThatTheConnectionDoesNotSurvive()
    {
        (_, ClientProjection<Dial> dial, TestClient client) = LinkToDial();
        client.Unlink();
        client.Drop();
        Assert.Null(dial.View);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void View_StaysWhileTheLinkIsToBeMadeAnew_AndIsForgottenWhereItIsNot(bool isRefused)
    {
        (_, ClientProjection<Dial> dial, TestClient client) = LinkToDial(resumes: false);
        client.Drop();
        client.Connect();
        client.Link("ann");
        Assert.Equal(1, dial.View!.Number);

        if (isRefused)
            Deliver(client, "krmx/rejected", """{"reason":"banned"}""");
        else
            ((IClientInput)client).Abandon();

        Assert.Null(dial.View);
    }

    [Fact]
    public void Dispatch_OfADisposedState_IsNotSent()
    {
        (DialModel model, ClientProjection<Dial> dial, TestClient client) = LinkToDial();
        dial.Dispatch(model.Turn(2), _results.Add);
        dial.Dispose();
        dial.Dispatch(model.Turn(3), _results.Add);
        Assert.Equal([DispatchStatus.Unlinked, DispatchStatus.NotLinked], _results.Select(result => result.Status));
        Assert.True(client.DeliverToServer());
        Assert.False(client.DeliverToServer());
    }

    [Fact]
    public async Task Confirmed_IsReadWholeFromAnyThread()
    {
        var model = new ProjectionModel<long, Quad>(0, static (state, _) => new Quad(state, state, state, state));
        ServerProjection<long, Quad> server = _room.Room.AddProjection("quad", model);
        _room.Open();
        ClientProjection<Quad>? quad = null;
        _room.Link("ann", client => quad = client.AddProjection("quad", model));
        bool isOver = false;
        Task<int> torn = Task.Run(() =>
        {
            int found = 0;
            while (!Volatile.Read(ref isOver))
            {
                Quad read = quad!.ConfirmedView;
                if (read.A != read.B || read.B != read.C || read.C != read.D)
                    found++;
            }
            return found;
        });

        for (int i = 0; i < 20_000; i++)
        {
            server.Update(static state => state + 1);
            _room.Deliver();
        }

        Volatile.Write(ref isOver, true);
        Assert.Equal(0, await torn);
    }

    private (DialModel Model, ClientProjection<Dial> Dial, TestClient Client) LinkToDial(bool resumes = true)
    {
        var model = new DialModel();
        _room.Room.AddProjection("dial", model.Model);
        _room.Open();
        ClientProjection<Dial>? dial = null;
        TestClient client = _room.Link("ann", client =>
        {
            client.Resumes = resumes;
            dial = client.AddProjection("dial", model.Model);
        });
        Assert.True(dial!.IsLive);
        return (model, dial, client);
    }

    private void Relink(TestClient client)
    {
        client.Unlink();
        _room.Deliver();
        client.Link("ann");
        _room.Deliver();
    }

    /// <summary>Delivers what no server of ours would send.</summary>
    private static void Deliver(IClientInput client, string type, string payload) =>
        client.FrameReceived(InboundFrame.Parse(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","payload":{{payload}}}""")));

    private readonly record struct Quad(long A, long B, long C, long D);

    private sealed record Dialled(int Number, int Turns);

    private sealed record Dial(int Number, int Turns);

    private sealed class DialModel
    {
        public DialModel()
        {
            var json = new JsonSerializerOptions(KrmxJson.Options) { Converters = { new DialConverter(this) } };
            Model = new(new Dialled(1, 0), static (state, _) => new Dial(state.Number, state.Turns), json);
            Turn = Model.When<int>("turn", static (state, _, number) => new Dialled(number, state.Turns + 1));
        }

        public ProjectionModel<Dialled, Dial> Model { get; }

        public Func<int, KrmxAction> Turn { get; }

        /// <summary>What reading a view of 13 fails with.</summary>
        public Exception? Failure { get; set; }
    }

    private sealed class DialConverter(DialModel model) : JsonConverter<Dial>
    {
        public override Dial? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Dialled read = JsonSerializer.Deserialize<Dialled>(ref reader, options)!;
            return read.Number == 13 && model.Failure is not null ? throw model.Failure : new Dial(read.Number, read.Turns);
        }

        public override void Write(Utf8JsonWriter writer, Dial value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Dialled(value.Number, value.Turns), options);
    }
}
