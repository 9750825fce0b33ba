using Krmx;

// One chat room. Open http://localhost:8082 in two tabs and link as two users; --urls sets another address.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
if (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is null)
    builder.WebHost.UseUrls("http://localhost:8082");
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.AddKrmx();

WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapKrmx("/krmx", krmx =>
{
    krmx.OnListen(_ => Console.WriteLine($"Chat is at {string.Join(" and ", app.Urls)} – open it in two tabs. Ctrl-C ends it."));

    krmx.OnMessage<string>("chat/message", (user, text) => krmx.Broadcast("chat/messaged", new Messaged(user.Name, text)));

    krmx.OnMessage<string>("chat/kick", (_, username) =>
    {
        if (krmx.HasUser(username))
            krmx.Kick(username);
    });
});

try
{
    await app.StartAsync();
}
catch (Exception error)
{
    Console.Error.WriteLine($"Chat cannot start: {error.Message} Choose another address with --urls http://localhost:8083");
    return 1;
}
await app.WaitForShutdownAsync();
return 0;

/// <summary>What everybody is told of a chat message.</summary>
internal sealed record Messaged(string Username, string Text);
