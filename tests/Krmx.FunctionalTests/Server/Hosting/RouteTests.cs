using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;

namespace Krmx.FunctionalTests.Server.Hosting;

public class RouteTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task PlainRequest_Is400(string method)
    {
        await using TestServer server = await new TestServer().StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{server.Port}/krmx");

        using HttpResponseMessage response = await http.SendAsync(request).Soon();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("WebSocket", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task OtherPath_Is404()
    {
        await using TestServer server = await new TestServer().StartAsync();

        await using WireClient client = await server.HandshakeAsync("/other");

        Assert.Equal(404, client.Status);
    }

    /// <summary>As the framework's routing has it: neither case nor a slash at the end makes another path.</summary>
    [Theory]
    [InlineData("/my/app")]
    [InlineData("/My/App/")]
    public async Task Path_IsTheFrameworksRoute(string path)
    {
        await using TestServer server = await new TestServer().With(server => server.Map = app => app.MapKrmx("/my/app", server.SetUp)).StartAsync();

        await using WireClient bob = await server.LinkAsync("bob", path);
    }

    [Fact]
    public async Task SecondWebSocketKey_Is400()
    {
        await using TestServer server = await new TestServer().StartAsync();

        await using WireClient client = await server.HandshakeAsync("/krmx", "Sec-WebSocket-Key: BBBBBBBBBBBBBBBBBBBBBB==");

        Assert.Equal(400, client.Status);
    }

    [Fact]
    public void MissingAddKrmx_ThrowsNamingIt()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapKrmx("/krmx", _ => { }));

        Assert.Contains("AddKrmx()", error.Message);
    }

    [Fact]
    public async Task SeveralEndpoints_AreSeveralRooms()
    {
        await using TestServer server = await new TestServer
        {
            Map = app =>
            {
                app.MapKrmx("/one", room => room.OnLink(user => room.Send(user.Name, "one")));
                app.MapKrmx("/two", room => room.OnLink(user => room.Send(user.Name, "two")));
            },
        }.StartAsync();
        await using WireClient first = await server.LinkAsync("bob", "/one");
        await using WireClient second = await server.LinkAsync("bob", "/two");

        await first.ExpectAsync("""{"type":"one"}""");
        await second.ExpectAsync("""{"type":"two"}""");
    }

    [Fact]
    public async Task ApplicationThatUsesWebSocketsItself_WorksAndTheOriginsStillCount()
    {
        await using TestServer server = await new TestServer
        {
            Map = app =>
            {
                app.UseWebSockets();
                app.MapKrmx("/krmx", _ => { }, options => options.Connections.AllowedOrigins.Add("https://example.org"));
            },
        }.StartAsync();

        await using WireClient stranger = await server.HandshakeAsync("/krmx", "Origin: https://evil.example.org");
        await using WireClient bob = await server.LinkAsync("bob");

        Assert.Equal(403, stranger.Status);
    }

    [Fact]
    public async Task RoomThatCannotBeMade_FailsTheStart()
    {
        var server = new TestServer { Configure = _ => throw new InvalidOperationException("no") };

        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => server.StartAsync())).Message);
    }

    [Fact]
    public async Task MappedWhileRunning_Serves()
    {
        await using TestServer server = await new TestServer().StartAsync();
        var events = new EventLog();

        server.App.MapKrmx("/late", events.Attach);
        await using WireClient bob = await server.LinkAsync("bob", "/late");

        await events.WaitFor("link bob");
        Assert.Equal("open", events.Entries[0]);
    }
}
