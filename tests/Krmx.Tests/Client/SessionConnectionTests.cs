using Krmx.Client;
using Krmx.Protocol;

namespace Krmx.Tests.Client;

public sealed class SessionConnectionTests
{
    [Fact]
    public void Connection_IsHeardOfFromItsBeginningToItsEnd()
    {
        var client = new RecordedSession();
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
        RecordedSession client = RecordedSession.Connected();
        client.Input.Disconnected();
        client.Input.Disconnected();
        Assert.Equal(["status Disconnected", "close"], client.Take());
    }

    [Fact]
    public void Close_DoesNotComeForAConnectionThatWasNeverOpen()
    {
        var client = new RecordedSession();
        client.Input.Connecting();
        client.Input.Closing();
        client.Input.Disconnected();
        Assert.DoesNotContain("close", client.Take());
    }

    [Fact]
    public void Drop_UnlinksTheOwnUserBeforeItCloses()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Disconnected(reconnecting: true);
        Assert.Equal(["status Reconnecting", "unlink bob", "close"], client.Take());
        Assert.Null(client.Session.Username);
        Assert.Empty(client.Session.Users);

        client.Input.Connected();
        Assert.Equal(["status Connected", "connect"], client.Take());
    }

    [Fact]
    public void Reconnecting_ThatIsGivenUpHasNothingToClose()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Disconnected(reconnecting: true);
        client.Take();
        client.Input.Disconnected();
        Assert.Equal(["status Disconnected"], client.Take());
    }

    [Theory]
    [InlineData(ClientStatus.Linking, "linked? Disconnected")]
    [InlineData(ClientStatus.Unlinking, "unlinked? Disconnected")]
    [InlineData(ClientStatus.Linked, null)]
    public void DropAnswersWhatWasAsked(ClientStatus status, string? answer)
    {
        RecordedSession client = status == ClientStatus.Linking ? RecordedSession.Connected() : RecordedSession.Linked("bob");
        if (status == ClientStatus.Linking)
            client.Input.Link("bob", null);
        if (status == ClientStatus.Unlinking)
            client.Input.Unlink();
        client.Take();

        client.Input.Disconnected();

        Assert.Equal(answer is null ? [] : [answer], client.Take().Where(line => line.Contains('?', StringComparison.Ordinal)));
    }

    [Fact]
    public void Drop_AnswersALeaveBetweenUnlinkedAndLeft()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Leave();
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Take();
        client.Input.Disconnected();
        Assert.Equal(["status Disconnected", "left? Disconnected", "close"], client.Take());
    }

    [Fact]
    public void Drop_BetweenAcceptedAndLinkedForgetsTheUsersHeardOf()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "alice");
        client.Input.Disconnected();
        Assert.Empty(client.Session.Users);
    }

    [Fact]
    public void Closing_EndsTheHearing()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Closing();
        client.Take();

        client.ReceiveOf("krmx/unlinked", "bob");
        client.Receive("custom");

        Assert.Empty(client.Take());
        Assert.Equal(ClientStatus.Closing, client.Session.Status);
    }

    [Fact]
    public void Disconnected_HearsNothing()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Disconnected();
        client.Take();
        client.Receive("krmx/accepted");
        client.ReceiveText("no JSON");
        Assert.Empty(client.Take());
    }

    public static TheoryData<string, ClientStatus> CallsAllowed => new()
    {
        { "connecting", ClientStatus.Disconnected },
        { "connected", ClientStatus.Connecting },
        { "link", ClientStatus.Connected },
        { "unlink", ClientStatus.Linked },
        { "leave", ClientStatus.Linked },
        { "send", ClientStatus.Linked },
    };

    [Theory]
    [MemberData(nameof(CallsAllowed))]
    public void Call_InAnyOtherStatusIsRefusedAndChangesNothing(string call, ClientStatus allowed)
    {
        foreach (ClientStatus status in Enum.GetValues<ClientStatus>())
        {
            if (status == allowed || (status == ClientStatus.Reconnecting && call == "connected"))
                continue;
            RecordedSession client = In(status);

            KrmxException refusal = Assert.Throws<KrmxException>(() => Make(call, client.Input));

            Assert.Contains(status.ToString(), refusal.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(status, client.Session.Status);
            Assert.Empty(client.Take());
        }
    }

    private static RecordedSession In(ClientStatus status)
    {
        var client = new RecordedSession();
        if (status is ClientStatus.Linked or ClientStatus.Unlinking)
            client = RecordedSession.Linked("bob");
        else if (status is not (ClientStatus.Disconnected or ClientStatus.Connecting))
            client = RecordedSession.Connected();
        switch (status)
        {
            case ClientStatus.Connecting:
                client.Input.Connecting();
                break;
            case ClientStatus.Reconnecting:
                client.Input.Disconnected(reconnecting: true);
                break;
            case ClientStatus.Linking:
                client.Input.Link("bob", null);
                break;
            case ClientStatus.Unlinking:
                client.Input.Unlink();
                break;
            case ClientStatus.Closing:
                client.Input.Closing();
                break;
        }
        Assert.Equal(status, client.Session.Status);
        client.Take();
        return client;
    }

    private static void Make(string call, IClientInput input)
    {
        switch (call)
        {
            case "connecting":
                input.Connecting();
                break;
            case "connected":
                input.Connected();
                break;
            case "link":
                input.Link("bob", null);
                break;
            case "unlink":
                input.Unlink();
                break;
            case "leave":
                input.Leave();
                break;
            default:
                input.Send(new KrmxMessage("custom"));
                break;
        }
    }
}
