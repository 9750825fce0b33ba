using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 7: names are only names.</summary>
public class UsernameAsKeyTests
{
    [Theory]
    [InlineData("constructor")]
    [InlineData("toString")]
    [InlineData("hasOwnProperty")]
    public async Task NamesOfObjects_AreUnknownUsers(string name)
    {
        await using TestServer server = await new TestServer { Options = options => options.AcceptsNewUsers = false }.StartAsync();
        await using WireClient client = await server.ConnectAsync();

        await client.AskAsync(name);
        await client.ExpectAsync(Texts.Rejected("server is not accepting new users"));

        await server.Room.InvokeAsync(() => server.Room.Join(name));
        await client.LinkAsync(name);
        await client.EchoAsync();
    }
}
