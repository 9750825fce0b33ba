using System.Diagnostics.CodeAnalysis;
using Krmx;
using Krmx.Contracts;
using Krmx.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves what the rooms of an application listen to, send and share.</summary>
public static class KrmxContractExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Serves the contract of every route of Krmx as one AsyncAPI 3 document, from which <c>krmx-types</c> makes TypeScript. Meant for development: it tells
    /// whoever asks.
    /// </summary>
    /// <param name="endpoints">Where routes are mapped.</param>
    /// <param name="pattern">The route of the document. Default: <c>/krmx/asyncapi.json</c>.</param>
    /// <param name="roomName">
    /// The name of the room that is set up for each request, and which nobody is let into, where a route has rooms by name. Default: <c>contract</c>.
    /// </param>
    /// <returns>Adds conventions to the endpoint, such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddKrmx</c> was not called.</exception>
    public static IEndpointConventionBuilder MapKrmxContract(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/krmx/asyncapi.json", string roomName = "contract")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(roomName);
        if (endpoints.ServiceProvider.GetService<KrmxRooms>() is null)
            throw new InvalidOperationException("Krmx is not among the services: call builder.Services.AddKrmx() before app.MapKrmxContract().");
        string title = endpoints.ServiceProvider.GetService<IHostEnvironment>()?.ApplicationName ?? "Krmx";
        return endpoints.MapMethods(pattern, [HttpMethods.Get], async context =>
        {
            try
            {
                string document = await DescribeAsync(title, context, roomName).ConfigureAwait(false);
                context.Response.ContentType = "application/json; charset=utf-8";
                await context.Response.WriteAsync(document, context.RequestAborted).ConfigureAwait(false);
            }
            catch (KrmxException error)
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsync($"{error.Message}\n", context.RequestAborted).ConfigureAwait(false);
            }
        }).WithDisplayName("Krmx contract");
    }

    private static async Task<string> DescribeAsync(string title, HttpContext context, string roomName)
    {
        var contracts = new List<(string, KrmxContract)>();
        foreach (RouteEndpoint endpoint in context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<RoomRoute>() is not RoomRoute route)
                continue;

            // As it is in the end: a group may have put something before it.
            string address = Address(endpoint.RoutePattern);
            string name = endpoint.RoutePattern.Parameters.Count > 0 ? roomName : "";
            try
            {
                contracts.Add((address, await route.Maker.DescribeAsync(name).WaitAsync(Patience, context.RequestAborted).ConfigureAwait(false)));
            }
            catch (Exception error) when (error is not (KrmxException or OperationCanceledException))
            {
                throw new KrmxException($"cannot describe {address}: setting up a room named '{name}' failed: {error.Message}", error);
            }
        }
        return new AsyncApiDocument(title, contracts).ToString();
    }

    /// <summary>A route as an address: without constraints and defaults.</summary>
    private static string Address(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(
        static segment => string.Concat(segment.Parts.Select(static part => part switch
        {
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            RoutePatternLiteralPart literal => literal.Content,
            _ => "",
        }))));
}
