namespace Krmx.Tests.Client;

public sealed class SessionListenerTests
{
    [Fact]
    public void Listener_ThatThrowsChangesNothingForTheOthers()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Session.OnJoin(_ => throw new InvalidOperationException("no"));
        client.Session.OnJoin(name => client.Add($"second {name}"));
        client.ReceiveOf("krmx/joined", "amy");
        client.ReceiveOf("krmx/linked", "amy");
        Assert.Equal(["join amy", "failed join no", "second amy", "link amy"], client.Take());
    }

    [Fact]
    public void Listener_ThatCallsBackIsHeardAfterTheEventItIsIn()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Session.OnLink(name =>
        {
            client.Add("unlinks");
            client.Input.Unlink();
            Assert.Equal(ClientStatus.Unlinking, client.Session.Status);
        });
        client.Input.Link("bob", null);
        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "bob");
        client.Take();

        client.ReceiveOf("krmx/linked", "bob");

        Assert.Equal(
            ["status Linked", "link bob", "unlinks", """> {"type":"krmx/unlink"}""", "linked? Done", "status Unlinking"], client.Take());
    }

    [Fact]
    public void Listener_MayLinkAgainWhenItIsRejected()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Session.OnReject(_ => client.Input.Link("bobby", null));
        client.Input.Link("bob", null);
        client.Take();

        client.ReceiveRejected("invalid username");

        Assert.Equal(
            [
                "status Connected", "reject invalid username",
                """> {"type":"krmx/link","payload":{"username":"bobby","version":"0.6.0"}}""",
                "linked? Rejected invalid username", "status Linking",
            ],
            client.Take());
    }

    [Fact]
    public void Subscription_EndsWhenDisposed()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        IDisposable subscription = client.Session.OnMessage("custom", _ => client.Add("heard"));
        client.Receive("custom");
        subscription.Dispose();
        subscription.Dispose();
        client.Receive("custom");
        Assert.Single(client.Take(), "heard");
    }

    [Fact]
    public void Message_IsHeardByTheListenersOfAllAndThenByThoseOfItsType()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Session.OnMessage("custom", _ => client.Add("custom"));
        client.Session.OnMessage("other", _ => client.Add("other"));
        client.ReceiveText("""{"type":"custom","payload":1.50}""");
        Assert.Equal(["""message {"type":"custom","payload":1.50}""", "custom"], client.Take());
    }

    [Theory]
    [InlineData("""{"type":"n","payload":7}""", "got 7")]
    [InlineData("""{"type":"n","payload":"seven"}""", "refused n")]
    [InlineData("""{"type":"n","payload":null}""", "refused n")]
    [InlineData("""{"type":"n","payload":[]}""", "refused n")]
    [InlineData("""{"type":"n"}""", "refused n")]
    public void TypedMessage_ReachesItsListenerOnlyAsThatType(string text, string outcome)
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Session.OnMessage<int>("n", number => client.Add($"got {number}"));
        client.ReceiveText(text);
        Assert.Equal(outcome, client.Take()[1]);
    }

    [Theory]
    [InlineData("krmx/linked")]
    [InlineData("krmx/")]
    public void OnMessage_OfAReservedTypeIsRefused(string type)
    {
        RecordedSession client = RecordedSession.Connected();
        Assert.Throws<ArgumentException>(() => client.Session.OnMessage(type, _ => { }));
        Assert.Throws<ArgumentException>(() => client.Session.OnMessage<int>(type, _ => { }));
    }

    [Fact]
    public void Send_OfAReservedTypeIsRefused()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        Assert.Throws<KrmxException>(() => client.Input.Send(new KrmxMessage("krmx/anything")));
        Assert.Empty(client.Take());
    }

    [Fact]
    public void Send_KeepsThePayloadByteForByte()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Send(KrmxMessage.FromJson("x", "{ \"n\": 1.500 }"u8.ToArray()));
        client.Input.Send(KrmxMessage.Create<string?>("x", null));
        client.Input.Send(new KrmxMessage("x"));
        Assert.Equal(
            ["""> {"type":"x","payload":{ "n": 1.500 }}""", """> {"type":"x","payload":null}""", """> {"type":"x"}"""], client.Take());
    }
}
