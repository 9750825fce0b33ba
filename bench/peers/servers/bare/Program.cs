// Kestrel's WebSockets doing nothing at all: the floor for memory. It waits without a buffer, and throws away what comes.
using System.Buffers;
using System.Net.WebSockets;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.UseWebSockets();
app.Map("/ws", async context =>
{
    using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
    await socket.SendAsync("ready"u8.ToArray(), WebSocketMessageType.Text, true, default);
    while ((await socket.ReceiveAsync(Memory<byte>.Empty, default)).MessageType != WebSocketMessageType.Close)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        await socket.ReceiveAsync(buffer.AsMemory(), default);
        ArrayPool<byte>.Shared.Return(buffer);
    }
});
app.Run();
