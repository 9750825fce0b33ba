using System.Text.Json.Serialization;
using Krmx.Testing;

namespace Krmx.Tests.Testing;

/// <summary>Protocol section 10, "Requests": server and client together; each request ends once, whatever becomes of connections.</summary>
public sealed class RequestTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly List<TaskCompletionSource<int>> _asked = [];
    private readonly TestRoom _room;

    public RequestTests()
    {
        var options = new KrmxRoomOptions();
        options.Sessions.Grace = Grace;
        _room = new TestRoom(
            room =>
            {
                room.OnRequest<int, int>("double", (_, number) => number > 9 ? throw new KrmxRefusedException("too large") : 2 * number);
                room.OnRequest("who", user => user.Name);
                room.OnRequest("nothing", _ => (string?)null);
                room.OnRequest<Picky, int>("picky", (_, _) => 1);
                room.OnRequest<Unwritable>("unwritable", _ => new Unwritable());
                room.OnRequest<int>("later", async _ => await AskedAsync());
            },
            options);
        _room.Open();
    }

    [Fact]
    public void Request_IsAnsweredOrRefused()
    {
        TestClient ann = _room.Link("ann");

        TestRequest four = ann.Request("double", 4), ten = ann.Request("double", 10), who = ann.Request("who"), nothing = ann.Request("nothing");
        Assert.Null(four.Result);
        Assert.Throws<KrmxException>(() => four.Answer<int>());
        _room.Deliver();

        Assert.Equal(8, four.Answer<int>());
        Assert.Equal((RequestStatus.Refused, "too large"), (ten.Result!.Value.Status, ten.Refusal));
        Assert.Contains("too large", Assert.Throws<KrmxException>(() => ten.Answer<int>()).Message);
        Assert.Equal("ann", who.Answer<string>());
        Assert.Equal((RequestStatus.Answered, false), (nothing.Result!.Value.Status, nothing.Result.Value.Answer.HasPayload));
        Assert.Empty(_room.Refusals);
        Assert.Empty(_room.Failures);
    }

    [Fact]
    public void Request_ThatCannotBeHandled_IsRefusedAndReported()
    {
        TestClient ann = _room.Link("ann");

        TestRequest unknown = ann.Request("triple", 4), text = ann.Request("double", "four"), absent = ann.Request("double"), picky = ann.Request("picky", new { });
        _room.Deliver();

        Assert.Equal("there is no such type of request", unknown.Refusal);
        Assert.Equal("the payload is not what double takes", text.Refusal);
        Assert.Equal("the payload is not what double takes", absent.Refusal);
        Assert.Equal("the payload is not what picky takes", picky.Refusal);
        Assert.Equal(4, _room.Refusals.Count);
    }

    [Fact]
    public void Handler_ThatThrows_RefusesAndGivesNothingAway()
    {
        TestClient ann = _room.Link("ann");

        TestRequest unwritable = ann.Request("unwritable"), later = ann.Request("later");
        _room.Deliver();
        _asked[0].SetException(new InvalidOperationException("secret"));
        _room.Deliver();

        Assert.Equal("the request failed", unwritable.Refusal);
        Assert.Equal("the request failed", later.Refusal);
        Assert.Equal(["planted", "secret"], _room.Failures.Select(static failure => failure.Message));
        Assert.DoesNotContain(ann.Received, static frame => frame.Contains("secret", StringComparison.Ordinal) || frame.Contains("planted", StringComparison.Ordinal));
    }

    [Fact]
    public void AsyncHandlers_AnswerAsTheyEnd()
    {
        TestClient ann = _room.Link("ann");
        TestRequest first = ann.Request("later"), second = ann.Request("later"), third = ann.Request("later");
        _room.Deliver();

        _asked[1].SetResult(2);
        _room.Deliver();
        Assert.Equal((null, 2, null), (first.Result, second.Answer<int>(), third.Result));

        _asked[2].SetException(new KrmxRefusedException("no"));
        _asked[0].SetResult(1);
        _room.Deliver();
        Assert.Equal((1, "no"), (first.Answer<int>(), third.Refusal));
    }

    [Fact]
    public void Answer_ThatIsMissed_ComesAfterTheReturn_Once()
    {
        TestClient ann = _room.Link("ann");
        int ended = 0;
        ann.Request(new KrmxMessage("later"), TimeSpan.FromSeconds(15), _ => ended++);
        _room.Deliver();

        ann.Drop();
        _asked[0].SetResult(7);
        _room.Deliver();
        Assert.Equal(0, ended);
        ann.Return();
        _room.Deliver();

        Assert.Equal(1, ended);
        Assert.Single(_asked);
    }

    [Fact]
    public void Request_OfOneWhoIsAway_IsHandledAfterTheReturn_Once()
    {
        TestClient ann = _room.Link("ann");
        ann.Drop();
        TestRequest later = ann.Request("later");
        ann.Return();
        ann.Drop();
        ann.Return();

        Assert.Single(_asked).SetResult(7);
        _room.Deliver();
        Assert.Equal(7, later.Answer<int>());
    }

    [Fact]
    public void LinkThatBeginsAnew_EndsRequests_AndSendsNoneAgain()
    {
        TestClient ann = _room.Link("ann");
        TestRequest handled = ann.Request("later");
        _room.Deliver();
        ann.Drop();
        TestRequest unsent = ann.Request("later");
        _room.Advance(Grace);
        Assert.Null(unsent.Result);

        ann.Return();
        _asked[0].SetResult(1);
        _room.Deliver();

        Assert.Equal(ClientStatus.Linked, ann.Status);
        Assert.Equal([RequestStatus.Unlinked, RequestStatus.Unlinked], [handled.Result!.Value.Status, unsent.Result!.Value.Status]);
        Assert.Single(_asked);
        Assert.DoesNotContain(ann.Received, static frame => frame.Contains("request/answer", StringComparison.Ordinal));
    }

    [Fact]
    public void Answer_IsNotForWhoeverHasTheUserByThen()
    {
        TestClient phone = _room.Link("ann");
        TestRequest first = phone.Request("later");
        _room.Deliver();
        phone.IsSilent = true;
        TestClient laptop = _room.Link("ann");
        _room.Advance(TimeSpan.FromSeconds(2));
        _room.Deliver();
        TestRequest second = laptop.Request("later");
        _room.Deliver();

        _asked[0].SetResult(1);
        _room.Deliver();
        Assert.Equal((RequestStatus.Unlinked, null), (first.Result!.Value.Status, second.Result));
        _asked[1].SetResult(2);
        _room.Deliver();
        Assert.Equal(2, second.Answer<int>());
    }

    [Fact]
    public void Answer_IsNotForAnotherConnectionOfALinkWithoutASession()
    {
        TestClient ann = _room.Connect();
        ann.Resumes = false;
        ann.Link("ann");
        _room.Deliver();
        TestRequest later = ann.Request("later");
        _room.Deliver();
        ann.Drop();
        Assert.Equal(RequestStatus.Unlinked, later.Result!.Value.Status);

        ann.Return();
        _asked[0].SetResult(1);
        _room.Deliver();
        Assert.Equal(ClientStatus.Linked, ann.Status);
        Assert.DoesNotContain(ann.Received, static frame => frame.Contains("request/answer", StringComparison.Ordinal));
    }

    [Fact]
    public void Request_EndsWithTheLink()
    {
        TestClient[] clients = [_room.Link("ann"), _room.Link("bob"), _room.Link("cid"), _room.Link("dan")];
        TestRequest[] requests = [.. clients.Select(static client => client.Request("later"))];
        _room.Deliver();

        clients[0].Unlink();
        clients[1].Leave();
        _room.Room.Kick("cid");
        clients[3].Drop(reconnects: false);
        _room.Deliver();

        Assert.All(requests, static request => Assert.Equal(RequestStatus.Unlinked, request.Result?.Status));
        Assert.All(clients, static client => Assert.Equal(RequestStatus.NotLinked, client.Request("who").Result?.Status));
    }

    [Fact]
    public void Request_OfAnotherUserWhoUnlinks_GoesOn()
    {
        TestClient ann = _room.Link("ann"), bob = _room.Link("bob");
        TestRequest later = ann.Request("later");
        bob.Unlink();
        _room.Deliver();
        Assert.Null(later.Result);
    }

    [Fact]
    public void Request_ThatNobodyAnswersInTime_Expires()
    {
        TestClient ann = _room.Link("ann");
        TestRequest later = ann.Request("later");
        _room.Deliver();
        _room.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
        Assert.Null(later.Result);
        _room.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(RequestStatus.Expired, later.Result!.Value.Status);

        _asked[0].SetResult(1);
        _room.Deliver();
        Assert.Equal(RequestStatus.Expired, later.Result!.Value.Status);
        Assert.Empty(_room.Refusals);
    }

    [Fact]
    public void Request_ThatIsNotWantedAnyMore_TellsNothing()
    {
        TestClient ann = _room.Link("ann");
        int ended = 0;
        IDisposable[] waiting = [.. Enumerable.Range(0, 3).Select(_ => ann.Request(new KrmxMessage("later"), TimeSpan.FromSeconds(15), _ => ended++))];
        _room.Deliver();

        waiting[0].Dispose();
        _asked[0].SetResult(1);
        waiting[1].Dispose();
        _room.Deliver();
        _room.Advance(TimeSpan.FromSeconds(14));
        waiting[2].Dispose();
        _room.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, ended);
    }

    [Fact]
    public void Callback_ThatThrows_IsReported()
    {
        TestClient ann = _room.Link("ann");
        ann.Request(new KrmxMessage("who"), TimeSpan.FromSeconds(1), static _ => throw new InvalidOperationException("planted"));
        TestRequest next = ann.Request("who");
        _room.Deliver();
        Assert.Equal("planted", Assert.Single(_room.Failures).Message);
        Assert.True(next.Result!.Value.IsAnswered);
    }

    [Fact]
    public void Answer_OfTheWrongShape_IsReportedAndEndsNothing()
    {
        TestClient ann = _room.Link("ann");
        TestRequest later = ann.Request("later");
        _room.Room.Send("ann", "request/answer", 1);
        _room.Room.Send("ann", "request/refuse", new { id = 1 });
        _room.Room.Send("ann", "request/answer", new { id = "another", payload = 1 });
        _room.Deliver();
        Assert.Null(later.Result);
        Assert.Equal(2, _room.Refusals.Count);
    }

    [Fact]
    public void Refusal_WithoutAReason_HasOneNevertheless()
    {
        var room = new TestRoom(room => room.OnMessage("request/ask", (user, _) => room.Send(user.Name, "request/refuse", new { id = "1" })));
        room.Open();
        TestRequest refused = room.Link("ann").Request("who");
        room.Deliver();
        Assert.Equal("the server gave no reason", refused.Refusal);
    }

    [Fact]
    public void RoomThatHandlesNoRequests_AnswersNone()
    {
        TestRoom room = new TestRoom().Open();
        TestRequest who = room.Link("ann").Request("who");
        room.Deliver();
        Assert.Null(who.Result);
        Assert.Empty(room.Refusals);
    }

    [Fact]
    public void Handler_IsTheOnlyOneOfItsType_UntilItIsDisposed()
    {
        TestClient ann = _room.Link("ann");
        KrmxException error = Assert.Throws<KrmxException>(() => _room.Room.OnRequest("who", static _ => "somebody"));
        Assert.Contains("'who'", error.Message);

        IDisposable handling = _room.Room.OnRequest("now", static _ => 1);
        handling.Dispose();
        TestRequest nobody = ann.Request("now");
        _room.Deliver();
        _room.Room.OnRequest("now", static _ => 2);
        handling.Dispose();
        TestRequest second = ann.Request("now");
        _room.Deliver();
        Assert.Equal(("there is no such type of request", 2), (nobody.Refusal, second.Answer<int>()));
    }

    [Fact]
    public void Handler_ThatEndsAfterTheRoom_AnswersNobody()
    {
        _room.Link("ann").Request("later");
        _room.Deliver();
        _room.Close();
        _asked[0].SetResult(1);
        _room.Deliver();
        Assert.Empty(_room.Failures);
    }

    [Fact]
    public void HandlersOfAllForms_AreToldApart()
    {
        KrmxRoom room = _room.Room;
        room.OnRequest<int, int>("async lambda", async (_, number) => number + await AskedAsync());
        room.OnRequest("task", (KrmxUser _, int number) => Task.FromResult(number));
        room.OnRequest("value task", (KrmxUser _, int number) => new ValueTask<int>(number));
        room.OnRequest<string>("null", static _ => null!); // as an async form, by the rules of C#
        room.OnRequest("value task alone", static _ => new ValueTask<int>(5));
        Assert.Throws<ArgumentException>(() => room.OnRequest("no result", (KrmxUser _, int _) => Task.CompletedTask));
        KrmxRoomCore core = room;
        Assert.Throws<ArgumentException>(() => core.OnRequest("core", static _ => Task.FromResult(1)));
        TestClient ann = _room.Link("ann");

        TestRequest nothing = ann.Request("null");
        TestRequest[] requests = [.. new[] { "async lambda", "task", "value task", "value task alone" }.Select(type => ann.Request(type, 5))];
        _room.Deliver();
        _asked[0].SetResult(0);
        _room.Deliver();
        Assert.True(nothing.Result!.Value.IsAnswered);
        Assert.Equal([5, 5, 5, 5], requests.Select(static request => request.Answer<int>()));
    }

    [Fact]
    public void Timeout_IsInItsRange()
    {
        TestClient ann = _room.Link("ann");
        foreach (TimeSpan timeout in new[] { TimeSpan.Zero, TimeSpan.FromDays(1) + TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan })
            Assert.Throws<ArgumentOutOfRangeException>(() => ann.Request(new KrmxMessage("who"), timeout, static _ => { }));
    }

    private Task<int> AskedAsync()
    {
        var asked = new TaskCompletionSource<int>();
        _asked.Add(asked);
        return asked.Task;
    }

    private sealed class Picky
    {
        [JsonConstructor]
        public Picky() => throw new InvalidOperationException("planted");
    }

    private sealed class Unwritable
    {
        public int Value { get => field == 0 ? throw new InvalidOperationException("planted") : field; set; }
    }
}
