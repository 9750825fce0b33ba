using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Client;

/// <summary>Requests over real sockets: answered at once, after an await in turn, or refused.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Request_IsAnsweredOrRefused_AlsoAfterAnAwait()
    {
        var opened = new TaskCompletionSource();
        await using var host = new KrmxServer(room =>
        {
            var seats = new HashSet<int>();
            room.OnRequest<Take, Seat>("seat/take", (user, take) =>
                seats.Add(take.Number) ? new Seat(take.Number, user.Name) : throw new KrmxRefusedException("the seat is taken"));
            room.OnRequest<string>("later", async user =>
            {
                await opened.Task;
                return room.FindUser(user.Name)!.Name; // in turn, or it would throw
            });
        });
        var uri = new Uri($"ws://127.0.0.1:{await host.ListenAsync(0)}/");
        await using var alice = new KrmxClient(Expect.Hasty);
        await using var bob = new KrmxClient(Expect.Hasty);
        await alice.ConnectAsync(uri);
        await alice.LinkAsync("alice");
        await bob.ConnectAsync(uri);
        await bob.LinkAsync("bob");

        Task<string> later = alice.RequestAsync<string>("later");
        Assert.Equal(new Seat(4, "alice"), await alice.RequestAsync<Take, Seat>("seat/take", new Take(4)).Soon());
        var refusal = await Assert.ThrowsAsync<KrmxRequestRefusedException>(() => bob.RequestAsync<Take, Seat>("seat/take", new Take(4)).Soon());
        Assert.Equal("the seat is taken", refusal.Reason);
        Assert.False(later.IsCompleted);
        opened.SetResult();
        Assert.Equal("alice", await later.Soon());

        Task<int>[] many = [.. Enumerable.Range(0, 200).Select(_ => bob.RequestAsync<int>("unknown"))];
        foreach (Task<int> unknown in many)
            await Assert.ThrowsAsync<KrmxRequestRefusedException>(() => unknown.Soon());
    }

    private sealed record Take(int Number);

    private sealed record Seat(int Number, string Of);
}
