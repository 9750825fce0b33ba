using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>A client and the room tell each other numbers, over connections that are cut; each must hear all of them once and in order.</summary>
/// <param name="room">The room.</param>
/// <param name="username">The user that the client is.</param>
internal sealed class Talk(KrmxRoom room, string username)
{
    private readonly List<int> _heardByRoom = [];
    private readonly List<int> _heardByClient = [];
    private int _connections;
    private bool _isWelcome;

    public string Username => username;

    /// <summary>Whether a connection was cut.</summary>
    public bool WasCut { get; private set; }

    /// <summary>How often the client went on where it had left off.</summary>
    public int Recovered { get; private set; }

    /// <summary>How often it could not.</summary>
    public int Gaps { get; private set; }

    /// <summary>Sets up a room in which many talk.</summary>
    public static void SetUp(KrmxRoom room, Dictionary<string, Talk> talks)
    {
        room.OnLink((user, link) =>
        {
            if (!link.IsRecovered)
                room.Send(user.Name, "welcome");
        });
        room.OnMessage<int>("up", (user, number) =>
        {
            lock (talks)
                talks[user.Name]._heardByRoom.Add(number);
        });
    }

    /// <summary>Talks, and checks what was heard.</summary>
    /// <param name="proxy">Whose faults meet the first two connections.</param>
    /// <param name="messages">How many numbers each says.</param>
    public async Task RunAsync(FaultProxy proxy, int messages)
    {
        await using var client = new KrmxClient(Expect.Hasty);
        client.OnConnect(() =>
        {
            if (++_connections > 2)
                proxy.Faults = ProxyFaults.None;
        });
        client.OnRecover(() => Recovered++);
        bool isOver = false;
        client.OnGap(_ => Gaps += isOver ? 0 : 1);
        client.OnClose(() => WasCut |= !isOver);
        client.OnMessage<int>("down", _heardByClient.Add);
        client.OnMessage("welcome", _ => _isWelcome = true);
        await LinkAsync(client, proxy);
        await Patience.Until(() => _isWelcome, "the session has begun");
        for (int number = 1; number <= messages; number++)
        {
            await client.SendAsync("up", number);
            int down = number;
            await room.InvokeAsync(() =>
            {
                room.Send(username, "down", down);
                return true;
            });
        }
        await Patience.Until(
            () => _heardByClient.Count >= messages && _heardByRoom.Count >= messages,
            () => $"{username} has heard {_heardByClient.Count}, the room {_heardByRoom.Count} of {messages}; the client is {client.Status}");
        isOver = true;
        await room.InvokeAsync(() =>
        {
            room.Kick(username); // so that those who come next are not told of ever more users
            return true;
        });
        int[] all = [.. Enumerable.Range(1, messages)];
        Assert.Equal(all, _heardByClient);
        Assert.Equal(all, _heardByRoom);
    }

    /// <summary>Links; a link that is cut before it is made is none of a session's business, and begins again.</summary>
    private async Task LinkAsync(KrmxClient client, FaultProxy proxy)
    {
        while (!await Expect.EndsAsync(client.ConnectAsync(proxy.Uri)) || !await Expect.EndsAsync(client.LinkAsync(username)))
        {
            await client.DisconnectAsync();
            proxy.Faults = ProxyFaults.None;
            WasCut = true;
        }
    }
}
