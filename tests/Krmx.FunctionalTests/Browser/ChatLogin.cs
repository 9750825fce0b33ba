using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Browser;

/// <summary>What tests of the chat sample's login have in common.</summary>
public abstract class ChatLogin(params string[] arguments) : BrowserTests("Chat", "Chat", arguments)
{
    protected static async Task<string?> RefusalAsync(KrmxClient client, string username, string? token)
    {
        try
        {
            await client.LinkAsync(username, token).Soon();
            return null;
        }
        catch (KrmxLinkRejectedException rejection)
        {
            return rejection.Reason;
        }
    }

    protected async Task<string> LogInAsync(string username)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsJsonAsync($"{Address}/login", new { username, password = "none to guess" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["token"]!;
    }

    private protected async Task<ChatPage> OpenAsync(int width, int height) => new(await OpenAsync(Address, width, height));
}
