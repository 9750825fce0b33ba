using Krmx.Testing;

namespace Krmx.Tests.Contracts;

public class ContractTests
{
    [Fact]
    public void A_contract_has_all_that_is_typed() => ContractCheck.Verify(
        RepositoryFile.Path("tests/Krmx.Tests/Contracts/quiz.json"), new TestRoom(Quiz.Configure).DescribeContract("/quizzes/{quiz}", "Quiz"));

    [Fact]
    public void What_knows_its_type_is_sent_and_listened_to_under_it()
    {
        TestRoom room = new TestRoom(Quiz.Configure).Open();
        TestClient alice = room.Link("alice");
        TestClient bob = room.Link("bob");
        Quiz.Messaged? heard = null;
        Quiz.Pointer? pointed = null;
        bob.OnMessage<Quiz.Messaged>(message => heard = message);
        bob.OnMessage<Quiz.Pointer>(pointer => pointed = pointer);

        alice.Send(new Quiz.Say("hi", Quiz.Colour.DarkBlue));
        alice.Send(new Quiz.Pointer(1, 2));
        room.Deliver();

        Assert.Equal(new Quiz.Messaged("alice", "hi", Quiz.Colour.DarkBlue), heard);
        Assert.Equal(new Quiz.Pointer(1, 2), pointed);
        Assert.Contains("""{"type":"chat/messaged","payload":{"username":"alice","text":"hi","colour":"darkBlue"}}""", bob.Received);
    }

    [Fact]
    public void An_async_listener_is_told_as_well()
    {
        TimeProvider? time = null;
        TestRoom room = new TestRoom(krmx => krmx.OnMessage<Quiz.Say>(async (user, say) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time!);
            krmx.Send(user.Name, "done", say.Text);
        })).Open();
        time = room.Time;
        TestClient alice = room.Link("alice");
        alice.Send(new Quiz.Say("hi"));
        room.Deliver();
        room.Advance(TimeSpan.FromSeconds(1));
        room.Deliver();
        Assert.Contains("""{"type":"done","payload":"hi"}""", alice.Received);
    }

    [Fact]
    public void What_is_sent_and_not_in_the_contract_is_an_error()
    {
        TestRoom room = new TestRoom().Open();
        room.Link("alice");
        KrmxException error = Assert.Throws<KrmxException>(() => room.Room.Broadcast(new Quiz.Pointer(1, 2)));
        Assert.Equal(
            "cannot send 'board/pointer': the room has not said that it does; add Sends<Pointer>() where it is set up, so that its contract is whole",
            error.Message);
    }

    [Fact]
    public void What_comes_and_goes_in_an_open_room_is_not_in_it()
    {
        TestRoom room = new TestRoom().Open();
        for (int i = 0; i < 3; i++)
        {
            room.Room.OnRequest($"answer/{i}", (KrmxUser _) => 1).Dispose();
            room.Room.OnMessage<int>($"move/{i}", (_, _) => { }).Dispose();
        }
        Assert.Empty(room.Room.Contract.Requests);
        Assert.Empty(room.Room.Contract.Received);
    }

    [Fact]
    public void Enums_are_names_and_no_numbers()
    {
        TestRoom room = new TestRoom(Quiz.Configure).Open();
        TestClient alice = room.Link("alice");
        alice.Send(KrmxMessage.FromJson("chat/message", """{"text":"hi","colour":1}"""u8.ToArray()));
        room.Deliver();
        Assert.Contains(room.Refusals, static refusal => refusal.Contains("chat/message", StringComparison.Ordinal));
    }

    [Fact]
    public void A_collection_of_itself_cannot_be_described() =>
        Assert.Contains("collection of itself", Assert.Throws<KrmxException>(() => new TestRoom(static room => room.Sends<Onion>("onion")).DescribeContract()).Message);

    internal sealed class Onion : List<Onion>;

    [Fact]
    public void A_type_that_is_read_as_two_has_no_contract()
    {
        var room = new TestRoom(krmx =>
        {
            krmx.OnMessage<int>("move", (_, _) => { });
            krmx.OnMessage<string>("move", (_, _) => { });
        });
        KrmxException error = Assert.Throws<KrmxException>(() => room.DescribeContract());
        Assert.Equal("cannot describe messages of type 'move': their payload is Int32 and String; give each a type of its own", error.Message);
    }

}
