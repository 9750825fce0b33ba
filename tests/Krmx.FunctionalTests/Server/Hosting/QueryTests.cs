using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>Protocol section 7: expected query parameters.</summary>
public class QueryTests
{
    private const string Good = "here=&token=abc&size=7";

    [Theory]
    [InlineData(Good)]
    [InlineData(Good + "&other=1")]
    [InlineData("HERE=x&TOKEN=abc&SIZE=7")]
    [InlineData(Good + "&here=again")]
    public async Task ExpectedQuery_Passes(string query)
    {
        await using TestServer server = await StartAsync();

        await using WireClient bob = await server.LinkAsync("bob", $"/krmx?{query}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("token=abc&size=7")]
    [InlineData("here&size=7")]
    [InlineData("here&token=ABC&size=7")]
    [InlineData("here&token=abc&token=abc&size=7")]
    [InlineData("here&token=abc&token=no&size=7")]
    [InlineData("here&token=abc&size=7&size=7")]
    [InlineData("here&token=abc&size=7&debug&debug")]
    [InlineData("here&token=abc")]
    [InlineData("here&token=abc&size=8")]
    [InlineData("here&token=abc&size=many")]
    [InlineData("here&token=abc&size=7&debug")]
    public async Task UnexpectedQuery_IsUpgradedAndClosedWith1008(string query)
    {
        await using TestServer server = await StartAsync();
        await using WireClient client = await server.ConnectAsync($"/krmx?{query}");

        await client.AskAsync("bob");

        await client.ExpectCloseAsync(1008);
        Assert.Equal(["open"], server.Events.Entries);
    }

    [Fact]
    public async Task UnexpectedQueryOfOneWhoNeverAnswersTheClose_EndsInTime()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = await StartAsync(time);
        await using WireClient client = await server.ConnectAsync("/krmx");
        Assert.Equal(1008, (await client.ReadToEndAsync()).Code);

        time.Advance(TimeSpan.FromSeconds(7));

        await client.ExpectEndAsync();
    }

    private static Task<TestServer> StartAsync(FakeTimeProvider? time = null) =>
        new TestServer
        {
            Time = time,
            Options = options =>
            {
                options.Connections.ExpectedQuery["here"] = QueryRule.Present;
                options.Connections.ExpectedQuery["debug"] = QueryRule.Absent;
                options.Connections.ExpectedQuery["token"] = QueryRule.EqualTo("abc");
                options.Connections.ExpectedQuery["size"] = QueryRule.Matching(value => int.Parse(value) == 7);
            },
        }.StartAsync();
}
