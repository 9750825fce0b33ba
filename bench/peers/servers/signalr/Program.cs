// SignalR with its JSON protocol, as its documentation sets it up.
using Microsoft.AspNetCore.SignalR;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSignalR();
var app = builder.Build();
app.MapHub<RelayHub>("/hub");
app.Run();

internal sealed class RelayHub : Hub
{
    public Task Say(string text) => Clients.All.SendAsync("said", text);
}
