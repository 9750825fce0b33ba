using System.Security.Claims;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>Links with tokens that the framework's own JWT bearer handler checks.</summary>
public class TokenTests
{
    private static readonly SymmetricSecurityKey Key = new(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public async Task Token_ForTheUser_Links()
    {
        await using TestServer server = await ServeAsync();
        await using WireClient bob = await server.ConnectAsync();
        await bob.LinkAsync("bob", Token("bob"));
        await server.Until(room => room.FindUser("bob") is { IsLinked: true }, "bob is linked");
    }

    [Fact]
    public async Task Token_SaysWhoTheUserIs()
    {
        await using TestServer server = await ServeAsync();
        await using WireClient bob = await server.ConnectAsync();
        await bob.LinkAsync("bob", Token("bob", claims: new Claim("team", "red")));
        await server.Until(room => room.FindUser("bob")?.Principal.FindFirst("team")?.Value == "red", "bob is known by its token");
    }

    public static TheoryData<string?, string> Refused => new()
    {
        { null, "a token is needed" },
        { "", "a token is needed" },
        { "no token", "the token is invalid or has expired" },
        { Token("bob", expires: -60), "the token is invalid or has expired" },
        { Token("bob", issuer: "somebody"), "the token is invalid or has expired" },
        { Token("alice"), "the token is for another user" },
        { Token("Bob"), "the token is for another user" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Token_ThatIsNotTheUsers_IsRefused(string? token, string reason)
    {
        await using TestServer server = await ServeAsync();
        await using WireClient bob = await server.ConnectAsync();
        await bob.AskAsync("bob", token);
        await bob.ExpectAsync(Texts.Rejected(reason));
        await bob.LinkAsync("bob", Token("bob"));
    }

    [Fact]
    public async Task Token_WithTheNameInAClaimOfItsOwn_Links()
    {
        await using TestServer server = await ServeAsync("nick");
        await using WireClient bob = await server.ConnectAsync();
        await bob.AskAsync("bob", Token("bob"));
        await bob.ExpectAsync(Texts.Rejected("the token is for another user"));
        await bob.LinkAsync("bob", Token("somebody", new Claim("nick", "bob")));
    }

    [Fact]
    public async Task Relink_AfterADrop_AsksTheClientForAFreshToken()
    {
        HttpContext? connection = null;
        await using TestServer server = await Serving().With(server => server.Map = app =>
        {
            app.Use((HttpContext context, RequestDelegate next) => next(connection = context));
            app.MapKrmx("/krmx", server.SetUp);
        }).StartAsync();
        List<string> tokens = [];
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/krmx"));
        await client.LinkAsync("bob", _ =>
        {
            tokens.Add(Token("bob", claims: new Claim("jti", $"{tokens.Count}")));
            return ValueTask.FromResult<string?>(tokens[^1]);
        });
        int links = 0;
        using IDisposable subscription = client.OnRecover(() => links++);

        connection!.Abort();
        await Patience.Until(() => links == 1, "linked again");

        Assert.Equal(2, tokens.Distinct().Count());
        await server.Until(room => room.FindUser("bob") is { IsLinked: true }, "bob is linked");
    }

    [Fact]
    public async Task AuthenticateTokens_WithoutAuthentication_SaysWhatToDo()
    {
        InvalidOperationException? error = null;
        await using TestServer server = await new TestServer
        {
            Configure = room => error = Assert.Throws<InvalidOperationException>(() => room.AuthenticateTokens()),
        }.StartAsync();
        Assert.Contains("AddAuthentication", error?.Message, StringComparison.Ordinal);
    }

    private static Task<TestServer> ServeAsync(string? usernameClaim = null) => Serving(usernameClaim).StartAsync();

    private static TestServer Serving(string? usernameClaim = null) => new()
    {
        Build = builder => builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.MapInboundClaims = false;
            jwt.TokenValidationParameters = new TokenValidationParameters
            {
                IssuerSigningKey = Key,
                ValidIssuer = "the lobby",
                ValidateAudience = false,
                NameClaimType = "sub",
                ClockSkew = TimeSpan.Zero,
            };
        }),
        Configure = room => room.AuthenticateTokens(usernameClaim: usernameClaim),
    };

    private static string Token(string name, params Claim[] claims) => Token(name, 60, "the lobby", claims);

    private static string Token(string name, int expires = 60, string issuer = "the lobby", params Claim[] claims) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Subject = new ClaimsIdentity([new Claim("sub", name), .. claims]),
            NotBefore = DateTime.UtcNow.AddHours(-1),
            IssuedAt = DateTime.UtcNow.AddHours(-1),
            Expires = DateTime.UtcNow.AddSeconds(expires),
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256),
        });
}
