// Kestrel's WebSockets without a library, as people write it: a bounded channel and a send loop for each client.
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.UseWebSockets();
var clients = new ConcurrentDictionary<WebSocket, Channel<byte[]>>();
app.Map("/ws", async context =>
{
    using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
    var output = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1024) { SingleReader = true });
    clients[socket] = output;
    await output.Writer.WriteAsync("ready"u8.ToArray());
    Task sending = SendAsync(socket, output.Reader);
    try
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), default);
            if (result.MessageType == WebSocketMessageType.Close)
                break;
            byte[] message = buffer[..result.Count];
            foreach (Channel<byte[]> client in clients.Values)
                await client.Writer.WriteAsync(message);
        }
    }
    catch (WebSocketException)
    {
        // The client is gone.
    }
    clients.TryRemove(socket, out _);
    output.Writer.Complete();
    await sending;
});
app.Run();

static async Task SendAsync(WebSocket socket, ChannelReader<byte[]> output)
{
    try
    {
        await foreach (byte[] message in output.ReadAllAsync())
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, true, default);
    }
    catch (WebSocketException)
    {
        // The client is gone.
    }
}
