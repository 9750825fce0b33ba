using System.Collections.Concurrent;
using System.Collections.Immutable;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.State;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.State;

/// <summary>The .NET client's shared state over real sockets: every dispatch has an end, and what it says is true.</summary>
public sealed class DispatchTests
{
    [Fact]
    public async Task Dispatch_IsAcceptedOrRefusedWithTheReason()
    {
        (KrmxServer server, Uri uri, _) = await Tally.ServeAsync();
        await using KrmxServer closing = server;
        await using var client = new KrmxClient();
        ClientProjection<TallyView> tally = client.AddProjection("tally", Tally.Model);
        await Assert.ThrowsAsync<KrmxException>(() => tally.DispatchAsync(Tally.Add(1)));
        await client.ConnectAsync(uri);
        await client.LinkAsync("alice");

        Assert.Equal(new DispatchResult(DispatchStatus.Accepted), await tally.DispatchAsync(Tally.Add(1)));
        Assert.Equal(new TallyView(1, 1), tally.View);
        Assert.Equal(new DispatchResult(DispatchStatus.Refused, "no more than 9"), await tally.DispatchAsync(Tally.Add(10)));
        Assert.Equal(new DispatchResult(DispatchStatus.Refused, "that is enough"), await tally.DispatchAsync(Tally.Add(9)));
        Assert.Equal(new DispatchResult(DispatchStatus.Accepted), await tally.DispatchAsync(Tally.Add(0)));
        Assert.Equal(new TallyView(1, 1), tally.View);
        await Assert.ThrowsAsync<KrmxException>(() => tally.DispatchAsync(new KrmxAction("unknown")));
    }

    [Fact]
    public async Task Dispatch_FromManyThreads_CountsEachOnce()
    {
        (KrmxServer server, Uri uri, ServerStream<int> sum) = await Tally.ServeAsync();
        await using KrmxServer closing = server;
        KrmxClient[] clients = [.. Enumerable.Range(0, 4).Select(static _ => new KrmxClient())];
        ClientStream<int>[] streams = [.. clients.Select(static client => client.AddStream("sum", Tally.Sum))];
        for (int i = 0; i < clients.Length; i++)
        {
            await clients[i].ConnectAsync(uri);
            await clients[i].LinkAsync($"user{i}");
        }
        var results = new ConcurrentBag<DispatchResult>();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => Task.Run(async () =>
            results.Add(await streams[number % 4].DispatchAsync(Tally.Append(1))))));

        Assert.Equal(400, results.Count(static result => result.IsAccepted));
        Assert.Equal(400, await server.Room.InvokeAsync(() => sum.State));
        foreach (ClientStream<int> stream in streams)
            await Patience.Until(() => stream is { State: 400, ConfirmedState: 400, PendingCount: 0 }, "the same sum");
        foreach (KrmxClient client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Dispatch_ThatTheServerNeverAnswers_Expires()
    {
        await using var server = new KrmxServer(static _ => { }); // has no such state
        var uri = new Uri($"ws://127.0.0.1:{await server.ListenAsync(0)}/");
        var time = new FakeTimeProvider();
        await using var client = new KrmxClient(new KrmxClientOptions { TimeProvider = time });
        ClientAtoms atoms = client.AddAtoms();
        await client.ConnectAsync(uri);
        await client.LinkAsync("alice");
        Task<DispatchResult> set = atoms.SetAsync("key", 1);
        await Patience.Until(() => atoms["key"]?.Number == 1, "the optimistic atom");
        time.Advance(TimeSpan.FromSeconds(10));
        KrmxTimeoutException error = await Assert.ThrowsAsync<KrmxTimeoutException>(() => set.Soon());
        Assert.Equal("dispatch", error.Operation);
        Assert.Null(atoms["key"]);
    }

    [Fact]
    public async Task Dispatch_AsTheConnectionDrops_FailsAndTheViewComesBackTrue()
    {
        await using var server = new ScriptedServer(static async (connection, before) =>
        {
            await connection.LinkAsync("alice");
            await connection.SendAsync(
                $$$$"""{"type":"projection/set","payload":{"domain":"tally","projection":{"total":{{{{before}}}},"own":0}}}""");
            await connection.ReceiveAsync(); // the action
            if (before > 0)
                await connection.WaitForeverAsync();
        });
        await using var client = new KrmxClient(Expect.Hasty);
        ClientProjection<TallyView> tally = client.AddProjection("tally", Tally.Model);
        List<int?> totals = [];
        tally.OnChange(view => totals.Add(view?.Total));
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("alice");
        await Patience.Until(() => tally.IsLive, "the view");

        await Assert.ThrowsAsync<KrmxDisconnectedException>(() => tally.DispatchAsync(Tally.Add(5)).Soon());
        await Patience.Until(() => tally is { IsLive: true, View.Total: 1 }, "the view after the relink");
        Assert.Equal(0, tally.PendingCount);
        Assert.DoesNotContain(6, totals);
    }
}

internal sealed record TallyView(int Total, int Own);

internal static class Tally
{
    public static readonly ProjectionModel<ImmutableDictionary<string, int>, TallyView> Model = new(
        ImmutableDictionary<string, int>.Empty,
        static (counts, user) => new TallyView(counts.Values.Sum(), counts.GetValueOrDefault(user)));

    public static readonly Func<int, KrmxAction> Add = Model.When<int>(
        "add",
        static number => number > 9 ? "no more than 9" : null,
        static (counts, user, number) => counts.GetValueOrDefault(user) + number > 9
            ? throw new KrmxRefusedException("that is enough")
            : number == 0 ? counts : counts.SetItem(user, counts.GetValueOrDefault(user) + number),
        static (view, _, number) => new TallyView(view.Total + number, view.Own + number));

    public static readonly StreamModel<int> Sum = new(0);

    public static readonly Func<int, KrmxAction> Append = Sum.When<int>("append", static (sum, _, number) => sum + number);

    /// <summary>A server with both.</summary>
    public static async Task<(KrmxServer Host, Uri Uri, ServerStream<int> Sum)> ServeAsync()
    {
        ServerStream<int>? sum = null;
        var host = new KrmxServer(krmx =>
        {
            krmx.AddProjection("tally", Model);
            sum = krmx.AddStream("sum", Sum);
        });
        int port = await host.ListenAsync(0);
        return (host, new Uri($"ws://127.0.0.1:{port}/"), sum!);
    }
}
