using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 9: origins can be restricted.</summary>
public class OriginTests
{
    [Theory]
    [InlineData("https://example.org", 101)]
    [InlineData("http://localhost:3000", 101)]
    [InlineData("https://evil.example.org", 403)]
    [InlineData("http://example.org", 403)]
    [InlineData("https://example.org.evil.com", 403)]
    [InlineData("null", 403)]
    [InlineData(null, 101)]
    public async Task Origins_AreCheckedBeforeTheUpgrade(string? origin, int status)
    {
        await using TestServer server = await new TestServer
        {
            Options = options =>
            {
                options.AllowedOrigins.Add("https://example.org");
                options.AllowedOrigins.Add("http://localhost:3000");
            },
        }.StartAsync();

        await using WireClient client = await server.HandshakeAsync("/krmx", origin is null ? [] : [$"Origin: {origin}"]);

        Assert.Equal(status, client.Status);
        Assert.Equal(status == 101 ? 1 : 0, await WaitForConnections(server, status));
    }

    [Fact]
    public async Task NoOriginsListed_AllowsEvery()
    {
        await using TestServer server = await new TestServer().StartAsync();

        await using WireClient client = await server.HandshakeAsync("/krmx", "Origin: https://example.org");

        Assert.Equal(101, client.Status);
    }

    private static async Task<int> WaitForConnections(TestServer server, int status)
    {
        if (status == 101)
            await server.Until(room => room.ConnectionCount == 1, "the connection is open");
        return await server.Room.InvokeAsync(() => server.Room.ConnectionCount);
    }
}
