// This library, by its public API, with its limits and metrics on.
using Krmx;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddKrmx();
var app = builder.Build();
app.MapKrmx("/krmx", krmx => krmx.OnMessage((_, message) => krmx.Broadcast(message)),
    options => options.Messages.MaxPerSecond = 1_000_000); // counted, and beyond what one sender of the load reaches

// For the load of idle rooms, which must not be closed while they are counted.
app.MapKrmx("/rooms/{room}", _ => { }, options => options.Rooms.IdleTimeout = TimeSpan.FromHours(1));
app.Run();
