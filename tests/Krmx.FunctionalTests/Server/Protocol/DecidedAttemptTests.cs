using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 4: after a decision nothing of that attempt can speak.</summary>
public class DecidedAttemptTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task TimeAfterAcceptance_ChangesNothing()
    {
        var gate = new Gate();
        var time = new FakeTimeProvider();
        await using TestServer server = await StartAsync(gate, time);
        await using WireClient bob = await server.ConnectAsync();
        (await gate.AskAsync(bob, "bob")).Accept();
        await bob.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"));

        time.Advance(2 * Limit);

        await bob.EchoAsync();
    }

    [Fact]
    public async Task DecisionAfterTimeout_ChangesNothing()
    {
        var gate = new Gate();
        var time = new FakeTimeProvider();
        await using TestServer server = await StartAsync(gate, time);
        await using WireClient bob = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(bob, "bob");

        time.Advance(Limit);
        await bob.ExpectAsync(Texts.Rejected("authentication timeout"));
        await asked.WaitForCancellation();
        asked.Accept();

        await bob.LinkAsync("bob");
        await bob.EchoAsync();
    }

    [Fact]
    public async Task DecisionJustBeforeTimeout_Counts()
    {
        var gate = new Gate();
        var time = new FakeTimeProvider();
        await using TestServer server = await StartAsync(gate, time);
        await using WireClient bob = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(bob, "bob");

        time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        asked.Accept();

        await bob.ExpectAsync(Texts.Accepted);
    }

    private static Task<TestServer> StartAsync(Gate gate, FakeTimeProvider time) =>
        new TestServer
        {
            Time = time,
            Configure = gate.Attach,
            Options = options => (options.Links.AuthenticationTimeout, options.Pings.Interval) = (Limit, TimeSpan.Zero),
        }.StartAsync();
}
