using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The chat sample with its login, in a real browser, with tokens that are soon too old.</summary>
public sealed class LoginTests() : BrowserTests("Chat", "Chat", "--auth", "--token-lifetime", "3")
{
    [Fact]
    public async Task ExpiredToken_LeadsToTheLoginAndThenTheSameUserGoesOn()
    {
        ChatPage simon = await OpenAsync(1280, 800);
        ChatPage lisa = await OpenAsync(390, 844);
        await simon.SeesTextAsync("#link-button", "Log in");
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
            await page.Page.ClickAsync("#drop");
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

    private async Task UntilTokensOfNowHaveExpiredAsync()
    {
        await using var client = new KrmxClient();
        await client.ConnectAsync(Address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx");
        string token = await LogInAsync("clock");

        // Nobody is linked, whatever the answer: it says of a token that is valid whom it is not for.
        while (await RefusalAsync(client, "somebody", token) == "the token is for another user")
            await Task.Delay(20);
    }

    private static async Task<string?> RefusalAsync(KrmxClient client, string username, string? token)
    {
        try
        {
            await client.LinkAsync(username, token).WaitAsync(Expect.Patience);
            return null;
        }
        catch (KrmxLinkRejectedException rejection)
        {
            return rejection.Reason;
        }
    }

    private async Task<string> LogInAsync(string username)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsJsonAsync($"{Address}/login", new { username, password = "none to guess" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["token"]!;
    }

    private async Task<ChatPage> OpenAsync(int width, int height) => new(await OpenAsync(Address, width, height));
}
