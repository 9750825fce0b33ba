using Boards;

// Planning boards. Open http://localhost:8084 in two windows, at the same board; --urls sets another address. Boards are kept in boards.db, or in the file that
// --store names, and with --store none in memory. The page is made from web.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
if (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is null)
    builder.WebHost.UseUrls("http://localhost:8084");
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.WebHost.UseStaticWebAssets();
IKrmxBuilder krmx = builder.Services.AddKrmx();
string store = builder.Configuration["store"] ?? "boards.db";
if (store != "none")
    krmx.UseSqlite($"Data Source={Path.Combine(builder.Environment.ContentRootPath, store)}");

WebApplication app = builder.Build();
app.MapStaticAssets();
app.MapKrmx<BoardRoom>("/krmx/{room:maxlength(40)}", BoardRoom.SetLimits);
if (app.Environment.IsDevelopment())
    app.MapKrmxContract();
app.MapFallbackToFile("/", "index.html");
app.MapFallbackToFile("/boards/{name}", "index.html");

try
{
    await app.StartAsync();
}
catch (Exception error)
{
    Console.Error.WriteLine($"Board cannot start: {error.Message} Choose another address with --urls http://localhost:8085");
    return 1;
}
Console.WriteLine($"Board is at {string.Join(" and ", app.Urls)} – open it in two windows. Ctrl-C ends it.");
await app.WaitForShutdownAsync();
return 0;
