using Krmx.Client;
using Krmx.Protocol;

namespace Krmx.Tests.Client;

public sealed class ClientCoreConnectionTests
{
    [Fact]
    public void Connection_IsHeardOfFromItsBeginningToItsEnd()
    {
        var client = new RecordedClientCore();
        client.Input.Connecting();
        client.Input.Connected();
        client.Input.Closing();
        client.Input.Disconnected();
        Assert.Equal(
            ["status Connecting", "status Connected", "connect", "status Closing", "status Disconnected", "close"], client.Take());
    }

    [Fact]
    public void CloseComesOnceForAnOpenedConnection()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Closing();
        client.Input.Disconnected();
        Assert.Throws<KrmxException>(() => client.Input.Disconnected());
        Assert.Equal(["status Closing", "status Disconnected", "close"], client.Take());
    }

    [Fact]
    public void Close_DoesNotComeForAConnectionThatWasNeverOpen()
    {
        var client = new RecordedClientCore();
        client.Input.Connecting();
        client.Input.Closing();
        client.Input.Disconnected();
        Assert.DoesNotContain("close", client.Take());
    }

    [Fact]
    public void Drop_UnlinksTheOwnUserBeforeItCloses()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Lost();
        Assert.Equal(["status Reconnecting", "unlink bob", "close"], client.Take());
        Assert.Null(client.Core.Username);
        Assert.Empty(client.Core.Users);

        client.Input.Connected();
        Assert.Equal(["status Connected", "connect"], client.Take());
    }

    [Fact]
    public void Reconnecting_ThatIsGivenUpHasNothingToClose()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Lost();
        client.Take();
        client.Input.Disconnected();
        Assert.Equal(["status Disconnected"], client.Take());
    }

    [Theory]
    [InlineData(ClientStatus.Linking, "Link ended: Disconnected")]
    [InlineData(ClientStatus.Unlinking, "Unlink ended: Disconnected")]
    [InlineData(ClientStatus.Linked, null)]
    public void DropAnswersWhatWasAsked(ClientStatus status, string? answer)
    {
        RecordedClientCore client = status == ClientStatus.Linking ? RecordedClientCore.Connected() : RecordedClientCore.Linked("bob");
        if (status == ClientStatus.Linking)
            client.Input.Link("bob", null);
        if (status == ClientStatus.Unlinking)
            client.Input.Unlink();
        client.Take();

        client.Input.Disconnected();

        Assert.Equal(answer is null ? [] : [answer], client.Take().Where(line => line.Contains(" ended: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Drop_AnswersALeaveBetweenUnlinkedAndLeft()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Leave();
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Take();
        client.Input.Disconnected();
        Assert.Equal(["status Disconnected", "Leave ended: Disconnected", "close"], client.Take());
    }

    [Fact]
    public void Drop_BetweenAcceptedAndLinkedForgetsTheUsersHeardOf()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null);
        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "alice");
        client.Input.Disconnected();
        Assert.Empty(client.Core.Users);
    }

    [Fact]
    public void Closing_EndsTheHearing()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Closing();
        client.Take();

        client.ReceiveOf("krmx/unlinked", "bob");
        client.Receive("custom");

        Assert.Empty(client.Take());
        Assert.Equal(ClientStatus.Closing, client.Core.Status);
    }

    [Fact]
    public void Disconnected_HearsNothing()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Disconnected();
        client.Take();
        client.Receive("krmx/accepted");
        client.ReceiveText("no JSON");
        Assert.Empty(client.Take());
    }
}
