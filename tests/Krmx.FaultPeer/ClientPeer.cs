using Krmx;

namespace Krmx.FaultPeer;

/// <summary>Clients that link, talk and come back, until the process is ended.</summary>
internal static class ClientPeer
{
    public static async Task RunAsync(Uri uri, string prefix, int count)
    {
        var clients = new KrmxClient[count];
        for (int i = 0; i < count; i++)
        {
            clients[i] = new KrmxClient();
            await clients[i].ConnectAsync(uri);
            await clients[i].LinkAsync($"{prefix}{i}");
        }
        Console.WriteLine("linked");
        while (await Console.In.ReadLineAsync() is string text)
        {
            foreach (KrmxClient client in clients)
                await client.SendAsync("say", text);
        }
        foreach (KrmxClient client in clients)
            await client.DisposeAsync();
    }
}
