using Krmx.FunctionalTests.Faults.Proxy;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The card sample: .NET in two real browsers that play a whole round, with a lost connection in the middle.</summary>
public sealed class CardsTests() : BrowserTests("Cards", "Cards/Cards")
{
    [Fact]
    public async Task TwoBrowsers_PlayARoundAndOneDropsAndGoesOn()
    {
        await using var proxy = new FaultProxy(new Uri(Address));
        CardsPage alice = await OpenAsync("alice", Address, 1280, 800);
        CardsPage bob = await OpenAsync("bob", proxy.Uri.ToString(), 390, 844);
        await alice.PhotographAsync("lobby-wide");
        await bob.PhotographAsync("lobby-narrow");
        await alice.SitDownAsync("blue");
        await alice.PhotographAsync("waiting-wide");
        await bob.SitDownAsync("blue");
        await alice.SeesTextAsync(".seat:not(.me) h2", "bob");

        await bob.Page.ClickAsync("button[aria-label=steelblue]");
        await Assertions.Expect(alice.Page.Locator("main")).ToHaveAttributeAsync("style", "--felt: steelblue");
        await alice.SayAsync("Hello <b>Bob</b>");
        await bob.SeesTextAsync(".talk li", "alice Hello <b>Bob</b>");

        await alice.PressAsync("Deal");
        foreach (CardsPage player in new[] { alice, bob })
            await Assertions.Expect(player.Page.Locator(".hand .card")).ToHaveCountAsync(5);
        await alice.PhotographAsync("dealt-wide");
        await bob.PhotographAsync("dealt-narrow");

        await PlayAsync([alice, bob], moves: 4);
        string[] hand = await bob.HandAsync();
        proxy.IsDown = true;
        proxy.Cut();
        await alice.SeesAsync(".seat.away");
        await bob.SeesTextAsync(".trouble", "connection was lost");
        await alice.PhotographAsync("away-wide");
        await bob.PhotographAsync("lost-narrow");
        Assert.Equal(hand, await bob.HandAsync());
        proxy.IsDown = false;
        await bob.SeesAsync("main[data-status=Linked]");
        await Assertions.Expect(alice.Page.Locator(".seat.away")).ToHaveCountAsync(0);
        Assert.Equal(hand, await bob.HandAsync());

        await PlayAsync([alice, bob], moves: 500);
        CardsPage winner = await alice.HandSizeAsync() == 0 ? alice : bob;
        await winner.SeesTextAsync("header [role=status]", "You win the round!");
        await (winner == alice ? bob : alice).SeesTextAsync("header [role=status]", $"{winner.Name} wins the round.");
        await alice.PhotographAsync("won-wide");
        await bob.PhotographAsync("won-narrow");
        await Assertions.Expect(alice.Page.Locator(".trouble")).ToHaveCountAsync(0);

        await alice.PressAsync("Deal");
        await Assertions.Expect(bob.Page.Locator(".hand .card")).ToHaveCountAsync(5);
    }

    [Fact]
    public async Task ServerKilledInTheMiddleOfARound_ComesBackAndTheRoundGoesOn()
    {
        CardsPage alice = await OpenAsync("alice", Address, 1280, 800);
        CardsPage bob = await OpenAsync("bob", Address, 390, 844);
        await alice.SitDownAsync("blue");
        await bob.SitDownAsync("blue");
        await alice.SeesTextAsync(".seat:not(.me) h2", "bob");
        await bob.Page.ClickAsync("button[aria-label=steelblue]");
        await alice.SayAsync("Hello");
        await bob.SeesTextAsync(".talk li", "alice Hello");
        await alice.PressAsync("Deal");
        foreach (CardsPage player in new[] { alice, bob })
            await Assertions.Expect(player.Page.Locator(".hand .card")).ToHaveCountAsync(5);
        await PlayAsync([alice, bob], moves: 5);
        string[] hers = await alice.HandAsync(), his = await bob.HandAsync();

        await KillAsync();
        foreach (CardsPage player in new[] { alice, bob })
            await player.SeesTextAsync(".trouble", "connection was lost");
        await StartAgainAsync();

        foreach (CardsPage player in new[] { alice, bob })
        {
            await player.SeesAsync("main[data-status=Linked]");
            await Assertions.Expect(player.Page.Locator(".seat.away")).ToHaveCountAsync(0);
            await player.SeesTextAsync(".talk li", "alice Hello");
            await Assertions.Expect(player.Page.Locator("main")).ToHaveAttributeAsync("style", "--felt: steelblue");
        }
        Assert.Equal(hers, await alice.HandAsync());
        Assert.Equal(his, await bob.HandAsync());

        await PlayAsync([alice, bob], moves: 500);
        CardsPage winner = await alice.HandSizeAsync() == 0 ? alice : bob;
        await winner.SeesTextAsync("header [role=status]", "You win the round!");

        // Who comes anew finds what was said before.
        CardsPage carol = await OpenAsync("carol", Address, 1280, 800);
        await carol.SitDownAsync("blue");
        await carol.SeesTextAsync(".talk li", "alice Hello");
    }

    [Fact]
    public async Task Tables_AreApartAndFullOnesRefuse()
    {
        CardsPage alice = await OpenAsync("alice", Address, 1280, 800);
        await alice.SitDownAsync("red");
        CardsPage bob = await OpenAsync("bob", Address, 1280, 800);
        await bob.SitDownAsync("green");
        await Assertions.Expect(alice.Page.Locator(".seat")).ToHaveCountAsync(1);
        foreach (string name in (string[])["bert", "cleo", "dora", "emil"])
            await (await OpenAsync(name, Address, 390, 844)).SitDownAsync("red");
        await alice.PhotographAsync("full-wide");

        CardsPage late = await OpenAsync("fred", $"{Address}/rooms/red", 1280, 800);
        await late.Page.FillAsync("#name", "fred");
        await late.PressAsync("Sit down");
        await late.SeesTextAsync(".trouble", "You cannot sit down here: the table is full.");
        await late.Page.ClickAsync("a:text-is('Another table')");
        await late.SitDownAsync("green");
    }

    [Fact]
    public async Task Invitation_AsksForANameAndRemembersItInThisTab()
    {
        CardsPage alice = await OpenAsync("alice", Address, 1280, 800);
        await alice.SitDownAsync("red");
        await alice.SeesTextAsync(".me", "You are alice");
        string invitation = await alice.Page.InnerTextAsync(".invite a");
        Assert.Equal($"{Address}/rooms/red", invitation);
        await alice.PhotographAsync("invite-wide");

        CardsPage bob = await OpenAsync("bob", invitation, 390, 844);
        await bob.PhotographAsync("invited-narrow");
        await bob.SitDownAsync();
        await bob.SeesTextAsync(".me", "You are bob");
        await bob.SeesTextAsync(".seat.me h2", "bob");
        await alice.SeesTextAsync(".seat:not(.me) h2", "bob");
        Assert.Equal(invitation, bob.Page.Url);

        await bob.Page.ReloadAsync();
        await bob.SeesTextAsync(".me", "You are bob");
        await bob.PressAsync("Leave");
        Assert.Equal("bob", await bob.Page.InputValueAsync("#name"));

        IPage tab = await bob.Page.Context.NewPageAsync();
        await tab.GotoAsync(invitation);
        await Assertions.Expect(tab.Locator("#name")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Equal("", await tab.InputValueAsync("#name"));
    }

    [Fact]
    public async Task RefusedName_IsExplainedAndAnotherCanBeTried()
    {
        CardsPage alice = await OpenAsync("alice", Address, 1280, 800);
        await alice.SitDownAsync("red");
        CardsPage other = await OpenAsync("alice", $"{Address}/rooms/red", 390, 844);
        await other.Page.FillAsync("#name", "alice");
        await other.PressAsync("Sit down");
        await other.SeesTextAsync(".trouble", "Somebody of that name sits here, perhaps you in another tab. Choose another name.");
        await other.PhotographAsync("refused-narrow");
        await other.Page.FillAsync("#name", "a!");
        await other.PressAsync("Sit down");
        await other.SeesTextAsync(".trouble", "A name has 2 to 32 letters");
        await other.Page.FillAsync("#name", "anna");
        await other.PressAsync("Sit down");
        await other.SeesTextAsync(".me", "You are anna");
        await alice.SeesTextAsync(".seat:not(.me) h2", "anna");
    }

    /// <summary>Lets the players move until so many moves are made, or somebody has won.</summary>
    private static async Task PlayAsync(CardsPage[] players, int moves)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (moves > 0 && !(await players[0].Page.Locator("header [role=status]").InnerTextAsync()).Contains("win", StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested, "Nobody wins.");
            foreach (CardsPage player in players)
            {
                if (moves > 0 && await player.TryMoveAsync())
                    moves--;
            }
        }
    }

    private async Task<CardsPage> OpenAsync(string name, string address, int width, int height)
    {
        IPage page = await OpenAsync(address, width, height);
        await Assertions.Expect(page.Locator("#name")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        return new CardsPage(page, name);
    }
}
