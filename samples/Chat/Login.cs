using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using Krmx;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

/// <summary>A login for the chat: a name and a password for a token of a few minutes, which the link then carries.</summary>
/// <remarks>
/// Krmx checks the token with the application's own scheme (<c>AuthenticateTokens</c>), so anything that makes tokens can take this class's
/// place. Accounts and the key live as long as the process. A real application keeps them, and limits how often passwords can be tried.
/// </remarks>
internal sealed class Login(TimeSpan tokenLifetime)
{
    private const string Chat = "Krmx Chat";
    private const int MostAccounts = 1_000;
    private const int MostCharacters = 200;

    private readonly SymmetricSecurityKey _key = new(RandomNumberGenerator.GetBytes(32));
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly PasswordHasher<string> _hasher = new();
    private readonly KrmxOptions _rules = new();

    /// <summary>Has the framework's own handler check the tokens.</summary>
    public void AddTo(IServiceCollection services) =>
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.MapInboundClaims = false;
            jwt.TokenValidationParameters = new TokenValidationParameters
            {
                IssuerSigningKey = _key,
                ValidIssuer = Chat,
                ValidAudience = Chat,
                NameClaimType = JwtRegisteredClaimNames.Sub,

                // One clock makes and checks them.
                ClockSkew = TimeSpan.Zero,
            };
        });

    /// <summary>Maps where the page logs in.</summary>
    public void MapTo(WebApplication app) => app.MapPost("/login", (Credentials credentials) =>
        Refusal(credentials) is string reason
            ? Results.Json(new { reason }, statusCode: StatusCodes.Status401Unauthorized)
            : Results.Json(new { token = Token(credentials.Username!) }));

    /// <summary>The first who comes with a name makes it an account.</summary>
    private string? Refusal(Credentials who)
    {
        if (who.Username is null || !_rules.IsValidUsername(who.Username))
            return "A username has 2 to 32 letters, digits and single . - @ _, and starts with a letter.";
        if (who.Password is not { Length: > 0 and <= MostCharacters })
            return "Please type a password.";
        if (!_hashes.TryGetValue(who.Username, out string? hash))
        {
            if (_hashes.Count >= MostAccounts)
                return "There are too many accounts.";
            hash = _hashes.GetOrAdd(who.Username, _hasher.HashPassword(who.Username, who.Password));
        }
        return _hasher.VerifyHashedPassword(who.Username, hash, who.Password) == PasswordVerificationResult.Failed
            ? $"This is not the password of {who.Username}."
            : null;
    }

    private string Token(string username) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Chat,
        Audience = Chat,
        Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Sub, username)]),
        Expires = DateTime.UtcNow + tokenLifetime,
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
    });

    private sealed record Credentials(string? Username, string? Password);
}
