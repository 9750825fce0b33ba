namespace Krmx.FunctionalTests.Browser;

/// <summary>The chat sample with its login, in a real browser, with tokens that are soon too old.</summary>
public sealed class ExpiredLoginTests() : ChatLogin("--auth", "--token-lifetime", "5")
{
    [Fact]
    public async Task ExpiredToken_LeadsToTheLoginAndThenTheSameUserGoesOn()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        ChatPage lisa = await OpenAsync(390, 844);
        await simon.SeesTextAsync("#join-button", "Log in");
        await simon.PhotographAsync("login-wide");
        await lisa.PhotographAsync("login-narrow");
        await simon.LogInAsync("simon", "a secret");
        await simon.SeesStatusAsync("linked");
        await lisa.LogInAsync("lisa", "another secret");
        await lisa.SeesUserAsync("simon", linked: true);
        await simon.SayAsync("Hello Lisa");
        await lisa.SeesMessageAsync("simon", "Hello Lisa");

        await UntilTokensOfNowHaveExpiredAsync();
        foreach (ChatPage page in new[] { simon, lisa })
        {
            await page.DropAsync();
            await page.ReturnAsync();
            await page.SeesTextAsync("#notice", "Your login has expired. Log in again to go on as");
        }
        await simon.PhotographAsync("expired-wide");
        await lisa.PhotographAsync("expired-narrow");
        Assert.Equal("simon", await simon.Page.InputValueAsync("#username"));

        await lisa.LogInAsync("lisa", "another secret");
        await lisa.SeesUserAsync("simon", linked: false);
        await simon.LogInAsync("simon", "a secret");
        await lisa.SeesUserAsync("simon", linked: true);
        await simon.SayAsync("Here I am again");
        await lisa.SeesMessageAsync("simon", "Here I am again");
        await simon.SeesMessageAsync("simon", "Hello Lisa");
        await simon.PhotographAsync("logged-in-again-wide");
        await lisa.PhotographAsync("logged-in-again-narrow");
    }

    private async Task UntilTokensOfNowHaveExpiredAsync()
    {
        await using var client = new KrmxClient();
        await client.ConnectAsync(Address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx");
        string token = await LogInAsync("clock");

        // Nobody is linked, whatever the answer: it says of a token that is valid whom it is not for.
        while (await RefusalAsync(client, "somebody", token) == "the token is for another user")
            await Task.Delay(200); // well below the rate of link requests that the server allows
    }
}
