using Krmx;

// A server whose listeners misbehave when a client asks for it, and which logs all it can to standard output.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Debug);
builder.Services.AddKrmx(options => options.Rooms.CloseTimeout = TimeSpan.FromMilliseconds(500));
WebApplication app = builder.Build();
app.MapKrmx("/", krmx =>
{
    krmx.OnMessage("hang", async (KrmxUser user, KrmxMessage _) =>
    {
        krmx.Send(user.Name, "hangs");
        await Task.Delay(Timeout.Infinite);
    });
    krmx.OnMessage("block", (KrmxUser _, KrmxMessage _) => Thread.Sleep(Timeout.Infinite));
    krmx.OnMessage("echo", (KrmxUser user, KrmxMessage message) =>
    {
        Log.Echoed(app.Logger, user.Name, message.Type);
        krmx.Send(user.Name, message);
    });
});
app.Run();

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{User} is sent {Type} back.")]
    public static partial void Echoed(ILogger logger, string user, string type);
}
