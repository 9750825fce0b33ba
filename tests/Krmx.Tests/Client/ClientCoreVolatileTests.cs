namespace Krmx.Tests.Client;

/// <summary>Protocol section 10, "Volatile messages": what a client sends, or loses.</summary>
public sealed class ClientCoreVolatileTests
{
    private static readonly KrmxMessage Cursor = KrmxMessage.Create("cursor", 1);

    [Fact]
    public void SentWhileLinked_SaysSo()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.SendVolatile(Cursor);
        Assert.Equal(["""> {"type":"cursor","payload":1,"volatile":true}"""], client.Take());
    }

    [Fact]
    public void SentBehindOthersThatHaveNotGone_IsLost()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.IsBehind = true;
        client.Input.SendVolatile(Cursor);
        Assert.Empty(client.Take());
    }

    [Fact]
    public void SentWhileAway_IsLost_AndNothingElseIs()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.SessionKey = "a key that nobody guesses";
        client.Input.Link("bob", null);
        client.ReceiveText("""{"type":"krmx/accepted","payload":{"extensions":["presence","resume"],"session":1}}""");
        client.ReceiveText("""{"type":"krmx/users","payload":{"users":[["bob",true]]}}""");
        client.Receive("krmx/ready");
        client.Input.Lost();
        client.Input.SendVolatile(Cursor);
        client.Input.Send(KrmxMessage.Create("say", 2));
        Assert.Equal("""{"type":"say","payload":2}""".Length, client.Core.UnconfirmedBytes);

        client.Input.Connected();
        client.Input.Link("bob", null);
        client.Take();
        client.Input.SendVolatile(Cursor);
        Assert.Empty(client.Take());
    }

    [Fact]
    public void SentWhileNotLinked_IsRefused()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        Assert.Throws<KrmxException>(() => client.Input.SendVolatile(Cursor));
    }

    [Fact]
    public void Received_SaysSo_AndIsSentOnAsTheApplicationSays()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        KrmxMessage? received = null;
        client.Core.OnMessage(message => received = message);
        client.ReceiveText("""{"type":"cursor","payload":1,"volatile":true}""");
        Assert.True(received!.Value.IsVolatile);
        client.Take();
        client.Input.Send(received.Value);
        Assert.Equal(["""> {"type":"cursor","payload":1}"""], client.Take());
    }
}
