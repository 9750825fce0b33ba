using System.Security.Cryptography;
using Cards;
using Krmx;
using Krmx.State;

// Card tables. Open http://localhost:8083 in two tabs, and sit down at the same table; --urls sets another address. Tables are kept in tables.db, or in the file
// that --store names, and with --store none in memory.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
if (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is null)
    builder.WebHost.UseUrls("http://localhost:8083");
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.WebHost.UseStaticWebAssets();
IKrmxBuilder krmx = builder.Services.AddKrmx();
string store = builder.Configuration["store"] ?? "tables.db";
if (store != "none")
    krmx.UseSqlite($"Data Source={Path.Combine(builder.Environment.ContentRootPath, store)}");

WebApplication app = builder.Build();
app.MapStaticAssets();
app.MapKrmx("/tables/{room}", static table =>
{
    ServerProjection<Game, GameView> game = table.AddProjection(
        "game", GameModel.Model, new() { Initial = static () => Game.New(RandomNumberGenerator.GetHexString(32)) });
    table.AddStream("talk", TalkModel.Model);
    table.AddAtoms();

    // A player keeps the seat and the hand while away; only who leaves gives them up.
    table.OnAuthenticate(link => link.IsNewUser && table.Users.Count >= Game.MaxPlayers
        ? LinkResult.Reject("the table is full")
        : LinkResult.Accept);
    table.OnJoin(user => game.Update(state => state.Seat(user.Name)));
    table.OnLink(user => game.Update(state => state.SetAway(user.Name, isAway: false)));
    table.OnUnlink(user => game.Update(state => state.SetAway(user.Name, isAway: true)));
    table.OnLeave(user => game.Update(state => state.Unseat(user.Name)));
}, static options =>
{
    options.Rooms.IdleTimeout = TimeSpan.FromMinutes(30);
    options.Storage.Retention = TimeSpan.FromDays(1); // whoever has closed the page without leaving has a seat that long
});
app.MapFallbackToFile("index.html");

try
{
    await app.StartAsync();
}
catch (Exception error)
{
    Console.Error.WriteLine($"Cards cannot start: {error.Message} Choose another address with --urls http://localhost:8084");
    return 1;
}
Console.WriteLine($"Cards is at {string.Join(" and ", app.Urls)} – open it in two tabs. Ctrl-C ends it.");
await app.WaitForShutdownAsync();
return 0;
