namespace Krmx.Tests.Client;

public sealed class ClientCoreListenerTests
{
    [Fact]
    public void Listener_ThatThrowsChangesNothingForTheOthers()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Core.OnJoin(_ => throw new InvalidOperationException("no"));
        client.Core.OnJoin(name => client.Add($"second {name}"));
        client.ReceiveOf("krmx/joined", "amy");
        client.ReceiveOf("krmx/linked", "amy");
        Assert.Equal(["join amy", "failed join no", "second amy", "link amy"], client.Take());
    }

    [Fact]
    public void Listener_ThatCallsBackIsHeardAfterTheEventItIsIn()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Core.OnLink(name =>
        {
            client.Add("unlinks");
            client.Input.Unlink();
            Assert.Equal(ClientStatus.Unlinking, client.Core.Status);
        });
        client.Input.Link("bob", null);
        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "bob");
        client.Take();

        client.ReceiveOf("krmx/linked", "bob");

        Assert.Equal(
            ["status Linked", "link bob", "unlinks", """> {"type":"krmx/unlink"}""", "Link ended: Done", "status Unlinking"], client.Take());
    }

    [Fact]
    public void Listener_MayLinkAgainWhenItIsRejected()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Core.OnReject(_ => client.Input.Link("bobby", null));
        client.Input.Link("bob", null);
        client.Take();

        client.ReceiveRejected("invalid username");

        Assert.Equal(
            [
                "status Connected", "reject invalid username",
                """> {"type":"krmx/link","payload":{"username":"bobby","version":"0.6.0","extensions":["presence"]}}""",
                "Link ended: Rejected invalid username", "status Linking",
            ],
            client.Take());
    }

    [Fact]
    public void Subscription_EndsWhenDisposed()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        IDisposable subscription = client.Core.OnMessage("custom", _ => client.Add("heard"));
        client.Receive("custom");
        subscription.Dispose();
        subscription.Dispose();
        client.Receive("custom");
        Assert.Single(client.Take(), "heard");
    }

    [Fact]
    public void Message_IsHeardByTheListenersOfAllAndThenByThoseOfItsType()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Core.OnMessage("custom", _ => client.Add("custom"));
        client.Core.OnMessage("other", _ => client.Add("other"));
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
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Core.OnMessage<int>("n", number => client.Add($"got {number}"));
        client.ReceiveText(text);
        Assert.Equal(outcome, client.Take()[1]);
    }

    [Theory]
    [InlineData("krmx/linked")]
    [InlineData("krmx/")]
    public void OnMessage_OfAReservedTypeIsRefused(string type)
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        Assert.Throws<ArgumentException>(() => client.Core.OnMessage(type, _ => { }));
        Assert.Throws<ArgumentException>(() => client.Core.OnMessage<int>(type, _ => { }));
    }

    [Fact]
    public void Send_OfAReservedTypeIsRefused()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        Assert.Throws<KrmxException>(() => client.Input.Send(new KrmxMessage("krmx/anything")));
        Assert.Empty(client.Take());
    }

    [Fact]
    public void Send_IsRefusedWhileTooMuchWaits()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.IsCongested = true;
        Assert.Throws<KrmxQueueFullException>(() => client.Input.Send(new KrmxMessage("x")));
        Assert.Empty(client.Take());
        client.Input.Unlink();
        Assert.Equal("""> {"type":"krmx/unlink"}""", client.Take()[0]);
    }

    [Fact]
    public void Send_KeepsThePayloadByteForByte()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Send(KrmxMessage.FromJson("x", "{ \"n\": 1.500 }"u8.ToArray()));
        client.Input.Send(KrmxMessage.Create<string?>("x", null));
        client.Input.Send(new KrmxMessage("x"));
        Assert.Equal(
            ["""> {"type":"x","payload":{ "n": 1.500 }}""", """> {"type":"x","payload":null}""", """> {"type":"x"}"""], client.Take());
    }
}
