using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

public class HealthTests
{
    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task BlockedTurn_IsUnhealthyUntilItEnds(HealthStatus? failureStatus, HealthStatus expected)
    {
        using var blocked = new ManualResetEventSlim();
        using var isBlocking = new ManualResetEventSlim();
        var time = new FakeTimeProvider();
        await using TestServer server = await new TestServer
        {
            Time = time,
            Build = builder =>
            {
                builder.Services.AddHealthChecks().AddKrmx(failureStatus: failureStatus);

                // The framework logs what is unhealthy as an error.
                builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
            },
        }.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(server)).Status);

        server.Room.Post(() =>
        {
            isBlocking.Set();
            blocked.Wait();
        });
        isBlocking.Wait(Patience.Limit);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(server)).Status);
        time.Advance(TimeSpan.FromSeconds(1));
        HealthReportEntry entry = await CheckAsync(server);

        Assert.Equal(expected, entry.Status);
        Assert.Contains("/krmx", entry.Description);
        blocked.Set();
        await server.Room.InvokeAsync(() => { }).Soon();
        await Patience.Until(async () => (await CheckAsync(server)).Status == HealthStatus.Healthy, "it is healthy again");
    }

    [Fact]
    public async Task TimeBetweenTurns_IsHealthy()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = await new TestServer
        {
            Time = time,
            Build = builder => builder.Services.AddHealthChecks().AddKrmx(),
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await server.Room.InvokeAsync(() => { }).Soon();

        time.Advance(TimeSpan.FromSeconds(14));

        HealthReportEntry entry = await CheckAsync(server);
        Assert.Equal((HealthStatus.Healthy, 1), (entry.Status, (int)entry.Data["rooms"]));
    }

    [Fact]
    public async Task MappedCheck_Answers503WhileATurnIsBlocked()
    {
        using var blocked = new ManualResetEventSlim();
        using var isBlocking = new ManualResetEventSlim();
        var time = new FakeTimeProvider();
        await using TestServer server = await new TestServer
        {
            Time = time,
            Build = builder =>
            {
                builder.Services.AddHealthChecks().AddKrmx();
                builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
            },
        }.With(server => server.Map = app =>
        {
            app.MapKrmx("/krmx", server.SetUp);
            app.MapHealthChecks("/health");
        }).StartAsync();
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());

        server.Room.Post(() =>
        {
            isBlocking.Set();
            blocked.Wait();
        });
        isBlocking.Wait(Patience.Limit);
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync());
        blocked.Set();

        async Task<HttpStatusCode> StatusAsync()
        {
            using HttpResponseMessage answer = await http.GetAsync($"http://127.0.0.1:{server.Port}/health").Soon();
            return answer.StatusCode;
        }
    }

    private static async Task<HealthReportEntry> CheckAsync(TestServer server) =>
        (await server.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Soon()).Entries["krmx"];
}
