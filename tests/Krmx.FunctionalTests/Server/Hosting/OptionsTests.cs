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
        ["no message bytes"] = (nameof(KrmxOptions.MaxMessageBytes), o => o.MaxMessageBytes = 0),
        ["all message bytes"] = (nameof(KrmxOptions.MaxMessageBytes), o => o.MaxMessageBytes = int.MaxValue),
        ["no depth"] = (nameof(KrmxOptions.MaxJsonDepth), o => o.MaxJsonDepth = 0),
        ["small queue"] = (nameof(KrmxOptions.MaxQueuedBytes), o => o.MaxQueuedBytes = 1023),
        ["huge queue"] = (nameof(KrmxOptions.MaxQueuedBytes), o => o.MaxQueuedBytes = int.MaxValue),
        ["negative message rate"] = (nameof(KrmxOptions.MaxMessagesPerSecond), o => o.MaxMessagesPerSecond = -1),
        ["no message burst"] = (nameof(KrmxOptions.MaxMessageBurst), o => o.MaxMessageBurst = 0),
        ["negative link rate"] = (nameof(KrmxOptions.MaxLinksPerSecond), o => o.MaxLinksPerSecond = -1),
        ["no link burst"] = (nameof(KrmxOptions.MaxLinkBurst), o => o.MaxLinkBurst = 0),
        ["no connections"] = (nameof(KrmxOptions.MaxConnections), o => o.MaxConnections = 0),
        ["no unlinked connections"] = (nameof(KrmxOptions.MaxUnlinkedConnections), o => o.MaxUnlinkedConnections = 0),
        ["no rooms"] = (nameof(KrmxOptions.MaxRooms), o => o.MaxRooms = 0),
        ["short ping interval"] = (nameof(KrmxOptions.PingInterval), o => o.PingInterval = TimeSpan.FromMilliseconds(99)),
        ["negative ping interval"] = (nameof(KrmxOptions.PingInterval), o => o.PingInterval = Timeout.InfiniteTimeSpan),
        ["endless ping interval"] = (nameof(KrmxOptions.PingInterval), o => o.PingInterval = TimeSpan.MaxValue),
        ["short ping timeout"] = (nameof(KrmxOptions.PingTimeout), o => o.PingTimeout = TimeSpan.FromMilliseconds(99)),
        ["endless ping timeout"] = (nameof(KrmxOptions.PingTimeout), o => o.PingTimeout = TimeSpan.MaxValue),
        ["no close timeout"] = (nameof(KrmxOptions.CloseTimeout), o => o.CloseTimeout = TimeSpan.Zero),
        ["endless close timeout"] = (nameof(KrmxOptions.CloseTimeout), o => o.CloseTimeout = TimeSpan.MaxValue),
        ["negative idle timeout"] = (nameof(KrmxOptions.RoomIdleTimeout), o => o.RoomIdleTimeout = TimeSpan.FromTicks(-1)),
        ["origin that is none"] = (nameof(KrmxOptions.AllowedOrigins), o => o.AllowedOrigins.Add("example.org")),
        ["origin with a path"] = (nameof(KrmxOptions.AllowedOrigins), o => o.AllowedOrigins.Add("https://example.org/")),
        ["origin that is null"] = (nameof(KrmxOptions.AllowedOrigins), o => o.AllowedOrigins.Add(null!)),
        ["query rule that is null"] = (nameof(KrmxOptions.ExpectedQuery), o => o.ExpectedQuery["a"] = null!),
        ["no username rule"] = (nameof(KrmxOptions.IsValidUsername), o => o.IsValidUsername = null!),
        ["no versions"] = (nameof(KrmxOptions.SupportedVersions), o => o.SupportedVersions = []),
        ["unknown conflict policy"] = (nameof(KrmxOptions.LinkConflict), o => o.LinkConflict = (LinkConflict)7),
        ["no authentication timeout"] = (nameof(KrmxOptions.AuthenticationTimeout), o => o.AuthenticationTimeout = TimeSpan.Zero),
        ["endless authentication"] = (nameof(KrmxOptions.AuthenticationTimeout), o => o.AuthenticationTimeout = TimeSpan.MaxValue),
        ["negative pending frames"] = (nameof(KrmxOptions.MaxPendingFrames), o => o.MaxPendingFrames = -1),
        ["negative pending bytes"] = (nameof(KrmxOptions.MaxPendingBytes), o => o.MaxPendingBytes = -1),
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
        builder.Services.AddKrmx(options => options.MaxMessageBytes = 0);
        WebApplication app = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => app.MapKrmx("/krmx", _ => { }, options => options.MaxJsonDepth = 0));

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
                options.MaxMessageBytes = 1;
                options.MaxJsonDepth = 1;
                options.MaxQueuedBytes = 1024;
                options.PingInterval = options.PingTimeout = TimeSpan.FromMilliseconds(100);
                options.CloseTimeout = options.AuthenticationTimeout = TimeSpan.FromMilliseconds(1);
                options.RoomIdleTimeout = TimeSpan.Zero;
                options.MaxPendingFrames = options.MaxPendingBytes = 0;
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
                options.MaxMessageBytes = options.MaxQueuedBytes = 1024 * 1024 * 1024;
                options.MaxJsonDepth = options.MaxPendingFrames = options.MaxPendingBytes = int.MaxValue;
                options.PingInterval = options.PingTimeout = options.CloseTimeout = options.AuthenticationTimeout = TimeSpan.FromDays(1);
                options.RoomIdleTimeout = TimeSpan.MaxValue;
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
            Build = builder => builder.Services.AddKrmx(options => options.MaxMessageBytes = 200),
            Map = app =>
            {
                app.MapKrmx("/small", _ => { });
                app.MapKrmx("/large", _ => { }, options => options.MaxMessageBytes = 300);
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
