using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>A room's turns: one at a time, whoever calls.</summary>
public class TurnTests
{
    private const int ListenerFailed = 6;
    private const int HandlerFailed = 9;

    [Fact]
    public async Task AsyncListeners_InterleaveAndNeverRunInParallel()
    {
        const int Clients = 8, Messages = 100;
        int inside = 0, overlaps = 0, finished = 0, waiting = 0, mostWaiting = 0;
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnMessage("step", async (KrmxUser user, KrmxMessage _) =>
            {
                for (int i = 0; i < 3; i++)
                {
                    // Only one thread may be between these two lines at any time.
                    overlaps += Interlocked.Increment(ref inside) > 1 ? 1 : 0;
                    Thread.SpinWait(50);
                    mostWaiting = Math.Max(mostWaiting, ++waiting);
                    Interlocked.Decrement(ref inside);
                    await Task.Yield();
                    waiting--;
                }
                room.Send(user.Name, "done");
                finished++;
            }),
        }.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            await using WireClient client = await server.LinkAsync($"user{i}");
            await client.SendAsync([.. Enumerable.Repeat(WireFrame.OfText("""{"type":"step"}"""), Messages)]);
            for (int done = 0; done < Messages; done += await client.ReadTextAsync() == """{"type":"done"}""" ? 1 : 0)
            {
            }
        }));

        Assert.Equal((0, Clients * Messages), (overlaps, await server.Room.InvokeAsync(() => finished)));
        Assert.True(mostWaiting > 1, "no two listeners ever waited at once");
    }

    [Fact]
    public async Task AsyncListener_LetsOthersInWhileItWaits()
    {
        var signal = new TaskCompletionSource();
        await using TestServer server = await new TestServer
        {
            Configure = room =>
            {
                room.OnMessage("wait", async (KrmxUser user, KrmxMessage _) =>
                {
                    await signal.Task;
                    room.Send(user.Name, "waited");
                });
                room.OnMessage("signal", (KrmxUser user, KrmxMessage _) =>
                {
                    room.Send(user.Name, "signalling");
                    signal.SetResult();
                });
            },
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.SendAsync("""{"type":"wait"}""");
        await bob.EchoAsync();
        await bob.SendAsync("""{"type":"signal"}""");

        await bob.ExpectAsync("""{"type":"signalling"}""", """{"type":"waited"}""");
    }

    [Fact]
    public async Task ExceptionsAfterAwait_AreLoggedAndHurtNobody()
    {
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [ListenerFailed],
            Configure = room => room.OnMessage("fail", async (KrmxUser _, KrmxMessage _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("after await");
            }),
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.SendAsync("""{"type":"fail"}""");

        Assert.Equal("after await", (await server.Logs.WaitFor(ListenerFailed)).Error?.Message);
        await bob.EchoAsync();
    }

    [Fact]
    public async Task AsyncVoidThatThrows_IsLoggedAndTheProcessLives()
    {
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [HandlerFailed],
            Configure = room =>
            {
                async void Fail(KrmxUser user)
                {
                    await Task.Delay(1).ConfigureAwait(false);
                    throw new InvalidOperationException("async void");
                }

                room.OnLink(Fail);
            },
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        Assert.Equal("async void", (await server.Logs.WaitFor(HandlerFailed)).Error?.Message);
        await bob.EchoAsync();
    }

    [Fact]
    public async Task ConfigureAwaitFalseInAListener_ThrowsAClearException()
    {
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [ListenerFailed],
            Configure = room => room.OnMessage("leave the turn", async (KrmxUser user, KrmxMessage _) =>
            {
                await Task.Delay(1).ConfigureAwait(false);
                room.Send(user.Name, "from nowhere");
            }),
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.SendAsync("""{"type":"leave the turn"}""");

        Assert.Contains("ConfigureAwait(false)", (await server.Logs.WaitFor(ListenerFailed)).Error?.Message);
        await bob.EchoAsync();
    }

    [Fact]
    public async Task CallFromOutside_Throws()
    {
        await using TestServer server = await new TestServer().StartAsync();

        Assert.Contains("InvokeAsync", Assert.Throws<InvalidOperationException>(() => server.Room.Join("bob")).Message);
        Assert.Contains("InvokeAsync", Assert.Throws<InvalidOperationException>(() => server.Room.Broadcast("x")).Message);
    }

    [Fact]
    public async Task InvokeAsync_GivesTheResultOrTheException()
    {
        await using TestServer server = await new TestServer().StartAsync();
        KrmxRoom room = server.Room;

        Assert.Equal("bob", (await room.InvokeAsync(() => room.Join("bob")).Soon()).Name);
        await Assert.ThrowsAsync<KrmxException>(() => room.InvokeAsync(() => room.Join("bob"))).Soon();
        Assert.Equal(1, await room.InvokeAsync(async () =>
        {
            await Task.Delay(1);
            room.Kick("bob");
            room.Join("alice");
            return room.Users.Count;
        }).Soon());
        await Assert.ThrowsAsync<KrmxException>(() => room.InvokeAsync(async () =>
        {
            await Task.Yield();
            room.Kick("bob");
        })).Soon();
    }

    [Fact]
    public async Task Post_KeepsOrderAndLogsWhatThrows()
    {
        await using TestServer server = await new TestServer { ExpectedErrors = [HandlerFailed] }.StartAsync();
        var done = new List<int>();

        for (int i = 0; i < 1000; i++)
        {
            int number = i;
            server.Room.Post(() => done.Add(number));
        }
        server.Room.Post(() => throw new InvalidOperationException("posted"));
        await server.Room.InvokeAsync(() => { }).Soon();

        Assert.Equal(Enumerable.Range(0, 1000), done);
        Assert.Equal("posted", (await server.Logs.WaitFor(HandlerFailed)).Error?.Message);
    }

    [Fact]
    public async Task PostsFromManyThreads_AreDoneOneAtATime()
    {
        const int Threads = 8, Each = 2000;
        await using TestServer server = await new TestServer().StartAsync();
        int count = 0;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
                server.Room.Post(() => count++);
        }))).Soon();

        Assert.Equal(Threads * Each, await server.Room.InvokeAsync(() => count).Soon());
    }

    [Fact]
    public async Task SecondAuthenticationHandler_Throws_AndSoDoesOneThatComesTooLate()
    {
        Exception? second = null;
        await using TestServer server = await new TestServer
        {
            Configure = room =>
            {
                room.OnAuthenticate(_ => LinkResult.Accept);
                second = Record.Exception(() => room.OnAuthenticate(_ => LinkResult.Accept));
            },
        }.StartAsync();
        await using TestServer open = await new TestServer().StartAsync();

        Assert.IsType<InvalidOperationException>(second);
        await Assert.ThrowsAsync<InvalidOperationException>(() => open.Room.InvokeAsync(() => open.Room.OnAuthenticate(_ => LinkResult.Accept)));
    }

    [Fact]
    public async Task PayloadOfAnotherType_IsLoggedAndNotHandled()
    {
        const int PayloadRefused = 5;
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnMessage<int>("number", (user, number) => room.Send(user.Name, "number", number)),
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.SendAsync("""{"type":"number","payload":"x"}""");
        await bob.SendAsync("""{"type":"number","payload":1e400}""");
        await bob.SendAsync("""{"type":"number"}""");
        await bob.SendAsync("""{"type":"number","payload":null}""");
        await bob.SendAsync("""{"type":"number","payload":7}""");

        await bob.ExpectAsync("""{"type":"number","payload":7}""");
        Assert.Equal(4, server.Logs.Entries.Count(entry => entry.EventId == PayloadRefused));
    }
}
