using Krmx;

// One chat room. Open http://localhost:8082 in two tabs and join as two users; --urls sets another address. With --auth users log in with a
// password, for tokens that last for --token-lifetime seconds.
bool hasLogin = args.Contains("--auth");
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder([.. args.Where(argument => argument != "--auth")]);
if (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is null)
    builder.WebHost.UseUrls("http://localhost:8082");
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.AddKrmx();
var login = new Login(TimeSpan.FromSeconds(builder.Configuration.GetValue("token-lifetime", 300)));
if (hasLogin)
    login.AddTo(builder.Services);

// The page has its client from the library.
builder.WebHost.UseStaticWebAssets();
WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/login", () => new { isNeeded = hasLogin });
if (hasLogin)
{
    app.UseRateLimiter();
    login.MapTo(app);
}
app.MapKrmx("/krmx", krmx =>
{
    if (hasLogin)
        krmx.AuthenticateTokens();

    var history = new History();
    krmx.OnLink((user, link) =>
    {
        // Who goes on after a lost connection is sent what was missed anyway.
        if (link.IsRecovered)
            return;
        foreach (Messaged message in history.Messages)
            krmx.Send(user.Name, "chat/messaged", message);
        krmx.Send(user.Name, "chat/welcome");
    });
    krmx.OnMessage<string>("chat/message", (user, text) =>
    {
        var message = new Messaged(user.Name, text);
        history.Add(message);
        krmx.Broadcast("chat/messaged", message);
    });

    // The host alone may kick: of those who are linked, the one who joined first. The page offers it to nobody else.
    krmx.OnMessage<string>("chat/kick", (user, username) =>
    {
        if (user.Name == krmx.Users.First(other => other.IsLinked).Name && krmx.HasUser(username))
            krmx.Kick(username);
    });
});

app.Lifetime.ApplicationStarted.Register(() =>
    Console.WriteLine($"Chat is at {string.Join(" and ", app.Urls)} – open it in two tabs. Ctrl-C ends it."));

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
