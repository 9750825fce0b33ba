namespace Krmx.Tests.Server;

/// <summary>What the application sends: to several users, and what may be lost.</summary>
public sealed class MessageTests
{
    [Fact]
    public void MessageForSeveral_GoesToThoseWhoAreReachable_Once()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob", "carol");
        server.Server.Join("dora");
        server.Take();
        server.Give(_ => server.Server.Send(["alice", "carol", "dora", "alice"], "deal", 7));
        Assert.Equal(["""1,3: {"type":"deal","payload":7}"""], server.Take());
    }

    [Fact]
    public void MessageForSeveral_OfWhomOneDoesNotExist_GoesToNobody()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        KrmxException refusal = Assert.Throws<KrmxException>(() => server.Server.Send(["alice", "zoe"], "deal"));
        Assert.Contains("'zoe'", refusal.Message, StringComparison.Ordinal);
        server.Give(_ => { });
        Assert.Empty(server.Take());
    }

    [Fact]
    public void MessageForNobody_IsNone()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Give(_ => server.Server.Send([], "deal"));
        Assert.Empty(server.Take());
    }

    [Fact]
    public void VolatileMessage_SaysSoOnTheWire()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Give(_ =>
        {
            server.Server.BroadcastVolatile("cursor", 1);
            server.Server.BroadcastVolatileExcept("bob", "typing");
            server.Server.SendVolatile(["bob"], "cursor", 2);
        });
        Assert.Equal(
            ["""1,2: {"type":"cursor","payload":1,"volatile":true}""", """1: {"type":"typing","volatile":true}""", """2: {"type":"cursor","payload":2,"volatile":true}"""],
            server.Take());
    }

    /// <summary>A client says of its own message alone that it may be lost; what the application makes of it is for the application to say.</summary>
    [Fact]
    public void VolatileMessage_ThatIsBroadcast_IsKept()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        bool? wasVolatile = null;
        server.Server.OnMessage((_, message) =>
        {
            wasVolatile = message.IsVolatile;
            server.Server.Broadcast(message);
        });
        server.Receive(1, """{"type":"say","payload":"x","volatile":true}""");
        Assert.True(wasVolatile);
        Assert.Contains("""1: {"type":"say","payload":"x"}""", server.Take());
    }
}
