using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Faults;

/// <summary>The wall clock jumps, as when a machine finds out the time or is moved; what is waited for is another clock.</summary>
public class ClockJumpTests(ITestOutputHelper output)
{
    private const int Users = 20;

    [Fact]
    public async Task WallClockJumps_EndNothing()
    {
        const int Jumps = 100;
        var time = new JumpingWallClock();
        var gate = new Gate();
        await using TestServer server = await new TestServer { Time = time, Configure = gate.Attach }.StartAsync();
        WireClient[] linked = await LinkAsync(server);
        await using WireClient pending = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(pending, "late");

        for (int i = 0; i < Jumps; i++)
            time.Jump = TimeSpan.FromDays(365 * ((i % 20) - 10));

        asked.Accept();
        await pending.ExpectAsync(Texts.Accepted);
        await server.Until(room => room.LinkedCount == Users + 1, "everybody is linked");
        Assert.DoesNotContain(server.Events.Entries, entry => entry.StartsWith("unlink", StringComparison.Ordinal));
        Assert.Equal(0, server.Metrics.Total("krmx.rejections"));
        output.WriteLine($"{Jumps} jumps of up to 10 years either way: {Users} links and 1 authentication stand");
        foreach (WireClient client in linked)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task SleepOfADay_EndsWhatIsOverAndWhoDoesNotAnswerThen()
    {
        var time = new FakeTimeProvider();
        var gate = new Gate();
        await using TestServer server = await new TestServer { Time = time, Configure = gate.Attach }.StartAsync();
        WireClient[] linked = await LinkAsync(server);
        await using WireClient pending = await server.ConnectAsync();
        await gate.AskAsync(pending, "late");

        time.Advance(TimeSpan.FromDays(1));
        Assert.StartsWith("""{"type":"krmx/rejected",""", await pending.ReadTextAsync());
        WireClient[] alive = [.. linked[..(Users / 2)], pending];
        WireClient[] silent = linked[(Users / 2)..];
        foreach (WireClient client in alive)
            await client.PingAsync();
        time.Pass(TimeSpan.FromSeconds(15));

        // Who would have slept as well answers the ping that comes first; who does not is gone.
        foreach (WireClient client in silent)
            await client.ExpectEndAsync();
        await server.Until(room => room.ConnectionCount == alive.Length, "the silent ones are gone");
        for (int i = Users / 2; i < Users; i++)
            await server.Events.WaitFor($"unlink user{i} TimedOut");
        await using WireClient again = await server.LinkAsync($"user{Users - 1}");
        await again.EchoAsync();
        output.WriteLine($"a day in one step: {alive.Length} connections answer then and stay, {silent.Length} do not and end as TimedOut, none is in the way of the next");
        foreach (WireClient client in linked)
            await client.DisposeAsync();
    }

    private static async Task<WireClient[]> LinkAsync(TestServer server)
    {
        WireClient[] linked = new WireClient[Users];
        for (int i = 0; i < Users; i++)
            linked[i] = await server.LinkAsync($"user{i}");
        return linked;
    }

    /// <summary>A wall clock that is set anew, beside timers and timestamps that know nothing of it, as on a real machine.</summary>
    private sealed class JumpingWallClock : FakeTimeProvider
    {
        /// <summary>By how much the wall clock is wrong.</summary>
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
