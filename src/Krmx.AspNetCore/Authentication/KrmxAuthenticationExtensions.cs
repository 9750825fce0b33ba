using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx;

/// <summary>Decides about links with the application's own authentication schemes.</summary>
public static class KrmxAuthenticationExtensions
{
    /// <summary>Lets users link who send a token for their name: the link's <c>auth</c> text is checked as a bearer token.</summary>
    /// <param name="room">The room.</param>
    /// <param name="scheme">
    /// The scheme that checks it, such as one of <c>AddJwtBearer</c>. Default: null, for the application's default scheme.
    /// </param>
    /// <param name="usernameClaim">
    /// The claim that must be the username. Default: null, for the name of the identity, which for JWT is the claim that
    /// <c>TokenValidationParameters.NameClaimType</c> says.
    /// </param>
    /// <remarks>
    /// A token is checked whenever a client links, after a drop too, so one that has expired by then is refused; a <c>KrmxClient</c> that
    /// links with a function is asked for a fresh one. A token that was valid at the link does not end the link when it expires. What the token says of
    /// the user is <see cref="KrmxUser.Principal"/>. What a handler throws refuses the link.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The application has no authentication, or the room a handler for it already.</exception>
    public static void AuthenticateTokens(this KrmxRoom room, string? scheme = null, string? usernameClaim = null)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (room.Services.GetService<IAuthenticationService>() is null)
        {
            throw new InvalidOperationException(
                "There is no authentication to check tokens with: call services.AddAuthentication(…) first.");
        }
        room.OnAuthenticate(async (link, cancellation) =>
        {
            if (string.IsNullOrEmpty(link.Auth))
                return LinkResult.Reject("a token is needed");
            AuthenticateResult result = await CheckAsync(room, link.Auth, scheme, cancellation);
            if (!result.Succeeded)
                return LinkResult.Reject("the token is invalid or has expired");
            return NameOf(result.Principal, usernameClaim) == link.Username
                ? LinkResult.AcceptAs(result.Principal)
                : LinkResult.Reject("the token is for another user");
        });
    }

    /// <summary>
    /// Has the scheme check a request that is made up for it: schemes know nothing but requests, and one request is one scope.
    /// </summary>
    private static async Task<AuthenticateResult> CheckAsync(KrmxRoom room, string token, string? scheme, CancellationToken cancellation)
    {
        await using AsyncServiceScope scope = room.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellation };
        context.Request.Headers.Authorization = $"Bearer {token}";
        return await context.AuthenticateAsync(scheme);
    }

    private static string? NameOf(ClaimsPrincipal principal, string? usernameClaim) =>
        usernameClaim is null ? principal.Identity?.Name : principal.FindFirst(usernameClaim)?.Value;
}
