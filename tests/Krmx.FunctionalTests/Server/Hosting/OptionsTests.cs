using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

public class OptionsTests
{
    private static readonly Dictionary<string, (string Option, Action<KrmxOptions> Set)> Bad = new()
    {
        ["no message bytes"] = ("Messages.MaxBytes", o => o.Messages.MaxBytes = 0),
        ["all message bytes"] = ("Messages.MaxBytes", o => o.Messages.MaxBytes = int.MaxValue),
        ["no depth"] = ("Messages.MaxJsonDepth", o => o.Messages.MaxJsonDepth = 0),
        ["small queue"] = ("Connections.MaxQueuedBytes", o => o.Connections.MaxQueuedBytes = 1023),
        ["huge queue"] = ("Connections.MaxQueuedBytes", o => o.Connections.MaxQueuedBytes = int.MaxValue),
        ["negative message rate"] = ("Messages.MaxPerSecond", o => o.Messages.MaxPerSecond = -1),
        ["no message burst"] = ("Messages.MaxBurst", o => o.Messages.MaxBurst = 0),
        ["negative link rate"] = ("Messages.MaxLinksPerSecond", o => o.Messages.MaxLinksPerSecond = -1),
        ["no link burst"] = ("Messages.MaxLinkBurst", o => o.Messages.MaxLinkBurst = 0),
        ["no connections"] = ("Connections.Max", o => o.Connections.Max = 0),
        ["no unlinked connections"] = ("Connections.MaxUnlinked", o => o.Connections.MaxUnlinked = 0),
        ["no rooms"] = ("Rooms.Max", o => o.Rooms.Max = 0),
        ["short ping interval"] = ("Pings.Interval", o => o.Pings.Interval = TimeSpan.FromMilliseconds(99)),
        ["negative ping interval"] = ("Pings.Interval", o => o.Pings.Interval = Timeout.InfiniteTimeSpan),
        ["endless ping interval"] = ("Pings.Interval", o => o.Pings.Interval = TimeSpan.MaxValue),
        ["short ping timeout"] = ("Pings.Timeout", o => o.Pings.Timeout = TimeSpan.FromMilliseconds(99)),
        ["endless ping timeout"] = ("Pings.Timeout", o => o.Pings.Timeout = TimeSpan.MaxValue),
        ["no close timeout"] = ("Rooms.CloseTimeout", o => o.Rooms.CloseTimeout = TimeSpan.Zero),
        ["endless close timeout"] = ("Rooms.CloseTimeout", o => o.Rooms.CloseTimeout = TimeSpan.MaxValue),
        ["negative idle timeout"] = ("Rooms.IdleTimeout", o => o.Rooms.IdleTimeout = TimeSpan.FromTicks(-1)),
        ["origin that is none"] = ("Connections.AllowedOrigins", o => o.Connections.AllowedOrigins.Add("example.org")),
        ["origin with a path"] = ("Connections.AllowedOrigins", o => o.Connections.AllowedOrigins.Add("https://example.org/")),
        ["origin that is null"] = ("Connections.AllowedOrigins", o => o.Connections.AllowedOrigins.Add(null!)),
        ["query rule that is null"] = ("Connections.ExpectedQuery", o => o.Connections.ExpectedQuery["a"] = null!),
        ["no username rule"] = ("Links.IsValidUsername", o => o.Links.IsValidUsername = null!),
        ["no versions"] = ("Links.SupportedVersions", o => o.Links.SupportedVersions = []),
        ["unknown conflict policy"] = ("Links.Conflict", o => o.Links.Conflict = (LinkConflict)7),
        ["no time for an answer to a challenge"] = ("Links.ChallengeTimeout", o => o.Links.ChallengeTimeout = TimeSpan.Zero),
        ["endless challenge"] = ("Links.ChallengeTimeout", o => o.Links.ChallengeTimeout = TimeSpan.MaxValue),
        ["no authentication timeout"] = ("Links.AuthenticationTimeout", o => o.Links.AuthenticationTimeout = TimeSpan.Zero),
        ["endless authentication"] = ("Links.AuthenticationTimeout", o => o.Links.AuthenticationTimeout = TimeSpan.MaxValue),
        ["negative pending frames"] = ("Links.MaxPendingFrames", o => o.Links.MaxPendingFrames = -1),
        ["negative pending bytes"] = ("Links.MaxPendingBytes", o => o.Links.MaxPendingBytes = -1),
        ["no JSON options"] = (nameof(KrmxOptions.Json), o => o.Json = null!),
    };

    public static TheoryData<string> BadNames => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void BadOption_ThrowsNamingIt(string name)
    {
        (string option, Action<KrmxOptions> set) = Bad[name];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKrmx();
        WebApplication app = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => app.MapKrmx("/krmx", _ => { }, set));

        Assert.StartsWith($"KrmxOptions.{option} must ", Assert.Single(error.Failures));
    }

    [Fact]
    public void SeveralBadOptions_AreAllNamed()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKrmx(options => options.Messages.MaxBytes = 0);
        WebApplication app = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => app.MapKrmx("/krmx", _ => { }, options => options.Messages.MaxJsonDepth = 0));

        Assert.Equal(2, error.Failures.Count());
    }

    [Fact]
    public async Task SmallestOptions_Work()
    {
        await using TestServer server = await new TestServer
        {
            Time = new FakeTimeProvider(),
            Options = options =>
            {
                options.Messages.MaxBytes = 1;
                options.Messages.MaxJsonDepth = 1;
                options.Connections.MaxQueuedBytes = 1024;
                options.Pings.Interval = options.Pings.Timeout = TimeSpan.FromMilliseconds(100);
                options.Rooms.CloseTimeout = options.Links.AuthenticationTimeout = TimeSpan.FromMilliseconds(1);
                options.Rooms.IdleTimeout = TimeSpan.Zero;
                options.Links.MaxPendingFrames = options.Links.MaxPendingBytes = 0;
            },
        }.StartAsync();
        await using WireClient client = await server.ConnectAsync();

        await client.SendAsync("x");
        await client.ExpectAsync(Texts.Rejected("invalid message"));
        await client.SendAsync("xx");

        Assert.Equal(1009, (await client.ReadToEndAsync()).Code);
    }

    [Fact]
    public async Task LargestOptions_Work()
    {
        await using TestServer server = await new TestServer
        {
            Options = options =>
            {
                options.Messages.MaxBytes = options.Connections.MaxQueuedBytes = 1024 * 1024 * 1024;
                options.Messages.MaxJsonDepth = options.Links.MaxPendingFrames = options.Links.MaxPendingBytes = int.MaxValue;
                options.Pings.Interval = options.Pings.Timeout = options.Rooms.CloseTimeout = options.Links.AuthenticationTimeout = TimeSpan.FromDays(1);
                options.Rooms.IdleTimeout = TimeSpan.MaxValue;
            },
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.EchoAsync($"\"{new string('x', 5_000_000)}\"");
    }

    [Fact]
    public async Task OptionsOfAddKrmx_HoldForEveryEndpointUnlessItChangesThem()
    {
        await using TestServer server = await new TestServer
        {
            Build = builder => builder.Services.AddKrmx(options => options.Messages.MaxBytes = 200),
            Map = app =>
            {
                app.MapKrmx("/small", _ => { });
                app.MapKrmx("/large", _ => { }, options => options.Messages.MaxBytes = 300);
            },
        }.StartAsync();
        await using WireClient small = await server.ConnectAsync("/small");
        await using WireClient large = await server.ConnectAsync("/large");

        await small.SendAsync(new string('x', 201));
        await large.SendAsync(new string('x', 201));

        Assert.Equal(1009, (await small.ReadToEndAsync()).Code);
        await large.ExpectAsync(Texts.Rejected("invalid message"));
    }
}
