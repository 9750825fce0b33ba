using System.Security.Claims;
using System.Text.Encodings.Web;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Krmx.FunctionalTests.Server.Hosting;

public class AuthorizationTests
{
    [Theory]
    [InlineData(null, 401)]
    [InlineData("User: bob", 403)]
    [InlineData("User: alice", 101)]
    public async Task RequireAuthorization_DecidesBeforeTheUpgrade(string? header, int status)
    {
        await using TestServer server = await StartAsync(link => LinkResult.Accept);

        await using WireClient client = await server.HandshakeAsync("/krmx", header is null ? [] : [header]);

        Assert.Equal(status, client.Status);
    }

    [Fact]
    public async Task Principal_ReachesAuthentication()
    {
        await using TestServer server = await StartAsync(link =>
            link.Connection.Principal.Identity?.Name == link.Username ? LinkResult.Accept : LinkResult.Reject("not you"));
        await using WireClient client = await server.ConnectAsync("/krmx", "User: alice");

        await client.AskAsync("bob");
        await client.ExpectAsync(Texts.Rejected("not you"));

        await client.LinkAsync("alice");
    }

    private static Task<TestServer> StartAsync(Func<LinkRequest, LinkResult> authenticate) =>
        new TestServer
        {
            Build = builder =>
            {
                builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("header", null);
                builder.Services.AddAuthorizationBuilder().AddPolicy("alice", policy => policy.RequireUserName("alice"));
            },
            Map = app => app.MapKrmx("/krmx", room => room.OnAuthenticate(authenticate)).RequireAuthorization("alice"),
        }.StartAsync();

    /// <summary>Believes what the header says.</summary>
    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string? name = Request.Headers["User"];
            if (name is null)
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
