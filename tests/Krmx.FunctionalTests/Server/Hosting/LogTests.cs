using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>What peers choose comes into the logs bounded in length and rate, and without anything that a terminal obeys.</summary>
public class LogTests
{
    private const int ProtocolViolated = 4;
    private const int LeftOut = 17;

    [Fact]
    public async Task Client_CannotFloodTheLogs()
    {
        const int Violations = 300;
        var time = new FakeTimeProvider();
        await using TestServer server = await new TestServer
        {
            Time = time,
            Options = options => options.Messages.MaxLinksPerSecond = 0,
        }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();
        string forbidden = $$"""{"type":"krmx/{{new string('x', 60_000)}}"}""";

        for (int i = 0; i < Violations; i++)
        {
            await bob.AskAsync("bob");
            await bob.SendAsync(forbidden);
        }
        await server.Events.WaitFor("unlink bob ProtocolViolation", Violations);
        time.Advance(TimeSpan.FromSeconds(10));

        CapturedLogs.Entry report = await server.Logs.WaitFor(LeftOut);
        Assert.Equal("200 more logs of event 4 were left out in 10 seconds, as there were too many.", report.Text);
        Assert.Equal(100, server.Logs.Entries.Count(entry => entry.EventId == ProtocolViolated));
        Assert.All(server.Logs.Entries, entry => Assert.InRange(entry.Text.Length, 0, 500));
    }

    [Fact]
    public async Task NameOfARoom_CommandsNoTerminal()
    {
        await using TestServer server = await new TestServer()
            .With(server => server.Map = app => app.MapKrmx("/rooms/{room}", server.SetUp))
            .StartAsync();

        await using (await server.LinkAsync("bob", "/rooms/%1B%5B2J%0D%0Ainfo:%20all%20is%20well"))
            Assert.Equal("\u001b[2J\r\ninfo: all is well", server.Room.Name);

        await server.Logs.WaitFor(entry => entry.Text == "Room /rooms/{room} \\u001B[2J\\u000D\\u000Ainfo: all is well opened.", "the room is named");
        Assert.DoesNotContain(server.Logs.Entries, entry => entry.Text.Any(char.IsControl));
    }
}
