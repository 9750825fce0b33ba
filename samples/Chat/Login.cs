using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Krmx;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

/// <summary>A login for the chat: a name and a password for a token of a few minutes, which the link then carries.</summary>
/// <remarks>
/// Krmx checks the token with the application's own scheme (<c>AuthenticateTokens</c>), so anything that makes tokens can take this class's
/// place. Accounts and the key live as long as the process; a real application keeps them. A network may try ten passwords at once and then
/// one in six seconds, and make five accounts. Behind a proxy all come from one, unless ASPNETCORE_FORWARDEDHEADERS_ENABLED is set.
/// </remarks>
internal sealed class Login(TimeSpan tokenLifetime)
{
    private const string Chat = "Krmx Chat";
    private const string Tries = "login tries";
    private const int MostAccounts = 1_000;
    private const int MostAccountsOfNetwork = 5;
    private const int MostTriesAtOnce = 10;
    private const int MostCharacters = 200;

    private static readonly TimeSpan TimeOfTry = TimeSpan.FromSeconds(6);

    private readonly SymmetricSecurityKey _key = new(RandomNumberGenerator.GetBytes(32));
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly PasswordHasher<string> _hasher = new();
    private readonly KrmxOptions _rules = new();

    /// <summary>Has the framework's own handler check the tokens, and its own limiter count the tries.</summary>
    public void AddTo(IServiceCollection services)
    {
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
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Tries, context => RateLimitPartition.GetTokenBucketLimiter(NetworkOf(context), _ => new()
            {
                TokenLimit = MostTriesAtOnce,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeOfTry,
            }));
            limiter.OnRejected = async (rejection, _) =>
                await Refused("Too many tries. Wait a minute.", StatusCodes.Status429TooManyRequests).ExecuteAsync(rejection.HttpContext);
        });
    }

    /// <summary>Maps where the page logs in.</summary>
    public void MapTo(WebApplication app) => app.MapPost("/login", (Credentials credentials, HttpContext context) =>
        Refusal(credentials, NetworkOf(context)) is string reason
            ? Refused(reason, StatusCodes.Status401Unauthorized)
            : Results.Json(new { token = Token(credentials.Username!) })).RequireRateLimiting(Tries);

    private static IResult Refused(string reason, int status) => Results.Json(new { reason }, statusCode: status);

    /// <summary>Where somebody comes from. Of IPv6 the first half: whoever has one such address has all that begin like it.</summary>
    private static string NetworkOf(HttpContext context)
    {
        IPAddress address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        byte[] bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
    }

    /// <summary>The first who comes with a name makes it an account.</summary>
    private string? Refusal(Credentials who, string network)
    {
        if (who.Username is null || !_rules.Links.IsValidUsername(who.Username))
            return "A username has 2 to 32 letters, digits and single . - @ _, and starts with a letter.";
        if (who.Password is not { Length: > 0 and <= MostCharacters })
            return "Please type a password.";
        Account? account;
        lock (_accounts)
        {
            if (!_accounts.TryGetValue(who.Username, out account))
            {
                if (_accounts.Count >= MostAccounts)
                    return "There are too many accounts.";
                if (_accounts.Values.Count(other => other.Network == network) >= MostAccountsOfNetwork)
                    return $"{MostAccountsOfNetwork} accounts come from your network already. Use one of them.";
                _accounts.Add(who.Username, account = new Account(_hasher.HashPassword(who.Username, who.Password), network));
            }
        }
        return _hasher.VerifyHashedPassword(who.Username, account.Hash, who.Password) == PasswordVerificationResult.Failed
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

    private sealed record Account(string Hash, string Network);
}
