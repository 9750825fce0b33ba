using System.Diagnostics;
using Krmx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FaultPeer;

/// <summary>
/// A room for each path <c>/rooms/NAME</c> that echoes what its users say and lets them set atoms, with every option as it is by default, and
/// with the logs that a new web application has.
/// </summary>
internal static class DefaultPeer
{
    public static async Task RunAsync(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddKrmx();
        WebApplication app = builder.Build();
        app.MapKrmx("/rooms/{room}", room =>
        {
            room.AddAtoms();
            room.OnMessage("echo", (user, message) => room.Send(user.Name, message));
        });
        app.MapGet("/resident", (HttpContext context) =>
        {
            using Process self = Process.GetCurrentProcess();
            return context.Response.WriteAsync($"{self.WorkingSet64}");
        });
        await app.RunAsync();
    }
}
