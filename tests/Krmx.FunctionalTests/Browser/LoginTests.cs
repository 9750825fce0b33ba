using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The chat sample with its login, in a real browser.</summary>
public sealed class LoginTests() : ChatLogin("--auth")
{
    [Fact]
    public async Task Login_IsRefusedWithTheReason()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        await simon.LogInAsync("simon", "a secret");
        await simon.SeesStatusAsync("linked");

        ChatPage other = await OpenAsync(390, 844);
        await other.LogInAsync("simon", "a guess");
        await other.SeesTextAsync("#rejection", "This is not the password of simon.");
        await other.PhotographAsync("wrong-password-narrow");
        await other.LogInAsync("simon", "");
        await other.SeesTextAsync("#rejection", "Please type a password.");
        await other.LogInAsync("s!", "a guess");
        await other.SeesTextAsync("#rejection", "A username has 2 to 32 letters");
        await other.PhotographAsync("no-username-narrow");
        await other.LogInAsync("simon", "a secret");
        await other.SeesTextAsync("#rejection", "user simon is already linked to a connection");
    }

    [Fact]
    public async Task Password_CannotBeGuessedForLong()
    {
        await LogInAsync("simon");
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync());

        // The page may take so long that another try is free by then.
        ChatPage page = await OpenAsync(390, 844);
        ILocator rejection = page.Page.Locator("#rejection");
        for (int rounds = 0; await rejection.InnerTextAsync() != "Too many tries. Wait a minute."; rounds++)
        {
            Assert.True(rounds < 20, "the page never says it");
            await GuessAsync();
            await page.LogInAsync("simon", "a guess");
            await Assertions.Expect(rejection).Not.ToBeEmptyAsync();
        }
        await page.PhotographAsync("too-many-tries-narrow");
    }

    [Fact]
    public async Task Accounts_AreFewForEachNetwork()
    {
        foreach (string name in (string[])["anna", "bert", "cleo", "dora", "emil"])
            await LogInAsync(name);
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsJsonAsync($"{Address}/login", new { username = "fred", password = "mine" });
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("5 accounts come from your network already", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await LogInAsync("anna");
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.Unauthorized)]
    [InlineData("""{"username":"simon"}""", HttpStatusCode.Unauthorized)]
    [InlineData("no JSON", HttpStatusCode.BadRequest)]
    public async Task Login_ThatIsNoneIsRefused(string body, HttpStatusCode status)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync($"{Address}/login", content);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Link_WithoutTheLoginIsRefused()
    {
        await using var client = new KrmxClient();
        await client.ConnectAsync(Address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx");
        string token = await LogInAsync("simon");
        Assert.Equal("a token is needed", await RefusalAsync(client, "simon", null));
        Assert.Equal("the token is for another user", await RefusalAsync(client, "lisa", token));
        Assert.Equal("the token is invalid or has expired", await RefusalAsync(client, "simon", token + "x"));
        Assert.Null(await RefusalAsync(client, "simon", await LogInAsync("simon")));
    }

    /// <summary>Guesses simon's password until that is no longer answered.</summary>
    private async Task<HttpStatusCode> GuessAsync()
    {
        using var http = new HttpClient();
        for (int guesses = 0; guesses < 50; guesses++)
        {
            var guess = new { username = "simon", password = $"guess {guesses}" };
            using HttpResponseMessage answer = await http.PostAsJsonAsync($"{Address}/login", guess);
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
                return answer.StatusCode;
        }
        return HttpStatusCode.Unauthorized;
    }
}
