using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 2: of two links for one user, exactly one wins.</summary>
public class LinkRaceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TwoLinksForOneUser_OneIsAcceptedAndOneRejected(bool exists)
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        if (exists)
            await server.Room.InvokeAsync(() => server.Room.Join("bob"));
        await using WireClient first = await server.ConnectAsync();
        await using WireClient second = await server.ConnectAsync();
        await first.AskAsync("bob", "1");
        Gate.Asked ofFirst = await gate.NextAsync();
        await second.AskAsync("bob", "2");
        Gate.Asked ofSecond = await gate.NextAsync();

        ofSecond.Accept();
        await second.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"));
        ofFirst.Accept();

        if (exists)
        {
            // Authenticated for the user who is linked now, it may challenge that one's connection.
            second.AnswersPings = true;
            await second.SkipToPingAsync();
        }
        await first.ExpectAsync(Texts.Rejected("user bob is already linked to a connection"));
        await second.EchoAsync();
    }
}
