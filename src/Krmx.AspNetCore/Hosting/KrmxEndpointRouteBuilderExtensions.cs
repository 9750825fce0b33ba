using System.Diagnostics.CodeAnalysis;
using Krmx;
using Krmx.Connections;
using Krmx.Hosting;
using Krmx.Limits;
using Krmx.Rooms;
using Krmx.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps Krmx to routes.</summary>
public static class KrmxEndpointRouteBuilderExtensions
{
    /// <summary>Maps a route to Krmx: one room for a fixed route, a room for each value of one like <c>/rooms/{room}</c>.</summary>
    /// <param name="endpoints">Where routes are mapped.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Sets up a room, its listeners above all; called once for each room that is made.</param>
    /// <param name="options">Changes the options for this endpoint.</param>
    /// <returns>Adds conventions to the endpoint, such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddKrmx</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">An option is out of its range; the message names it.</exception>
    public static IEndpointConventionBuilder MapKrmx(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        Action<KrmxRoom> configure,
        Action<KrmxOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        return endpoints.MapKrmx(
            pattern,
            room =>
            {
                configure(room);
                return Task.CompletedTask;
            },
            options);
    }

    /// <summary>Maps a route to Krmx, with rooms that take a while to set up; nobody is let in before that is done.</summary>
    /// <inheritdoc cref="MapKrmx(IEndpointRouteBuilder, string, Action{KrmxRoom}, Action{KrmxOptions}?)"/>
    public static IEndpointConventionBuilder MapKrmx(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        Func<KrmxRoom, Task> configure,
        Action<KrmxOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceProvider services = endpoints.ServiceProvider;
        KrmxEndpoints all = services.GetService<KrmxEndpoints>() ??
            throw new InvalidOperationException("Krmx is not among the services: call builder.Services.AddKrmx() before app.MapKrmx().");
        KrmxOptions checkedOptions = CreateOptions(services, options);
        EndpointEnvironment environment = services.GetRequiredService<EndpointEnvironment>();
        RoutePattern route = RoutePatternFactory.Parse(pattern);
        var load = new EndpointLoad(checkedOptions.Connections);
        RouteStorage? storage = CreateStorage(services, checkedOptions.Storage, pattern, environment.Rooms);
        var maker = new RoomMaker(
            pattern,
            checkedOptions,
            checkedOptions.Rooms,
            configure,
            room => new RoomConnections(room, environment.Metrics, environment.Rooms.Logger),
            services.GetRequiredService<IServiceScopeFactory>(),
            environment.Rooms,
            storage);
        var directory = new RoomDirectory<RunningRoom>(maker, checkedOptions.Rooms, environment.Rooms.Time, keepsEmpty: route.Parameters.Count == 0);
        maker.Lost = room => directory.Abandon(room.Name, running => running.Room == room, CloseCode.ServiceRestart);
        var rooms = new RoomRoute(pattern, maker, directory);
        services.GetRequiredService<KrmxRooms>().Add(rooms);
        var endpoint = new KrmxEndpoint([.. route.Parameters.Select(p => p.Name)], checkedOptions, load, rooms, environment);
        all.Add(endpoint);
        return endpoints.Map(route, Pipeline(endpoints, endpoint, checkedOptions)).WithDisplayName($"Krmx {pattern}").WithMetadata(rooms);
    }

    /// <summary>Maps a route to Krmx, with a handler object for each room; the handler's constructor gets services of the room's scope.</summary>
    /// <typeparam name="THandler">The class of the handlers.</typeparam>
    /// <inheritdoc cref="MapKrmx(IEndpointRouteBuilder, string, Action{KrmxRoom}, Action{KrmxOptions}?)"/>
    public static IEndpointConventionBuilder MapKrmx<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<KrmxOptions>? options = null)
        where THandler : KrmxHandler =>
        endpoints.MapKrmx(pattern, room => room.Services.GetRequiredService<RoomHandlers>().Attach<THandler>(room), options);

    private static RouteStorage? CreateStorage(IServiceProvider services, KrmxStorageOptions options, string pattern, RoomEnvironment environment) =>
        options.Durability != KrmxDurability.None && services.GetService<IRoomStore>() is IRoomStore store
            ? new RouteStorage(store, services.GetRequiredService<StoreWriter>(), options, pattern, environment)
            : null;

    private static KrmxOptions CreateOptions(IServiceProvider services, Action<KrmxOptions>? change)
    {
        KrmxOptions options = services.GetRequiredService<IOptionsFactory<KrmxOptions>>().Create(Options.DefaultName);
        change?.Invoke(options);
        string[] problems = [.. options.Validate()];
        if (problems.Length > 0)
            throw new OptionsValidationException(nameof(KrmxOptions), typeof(KrmxOptions), problems.Select(p => $"{nameof(KrmxOptions)}.{p}"));
        return options;
    }

    private static RequestDelegate Pipeline(IEndpointRouteBuilder endpoints, KrmxEndpoint endpoint, KrmxOptions options)
    {
        var sockets = new WebSocketOptions();
        foreach (string origin in options.Connections.AllowedOrigins)
            sockets.AllowedOrigins.Add(origin);
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.Use(next => context =>
        {
            endpoint.Prepare(context);
            return next(context);
        });
        pipeline.UseWebSockets(sockets);
        pipeline.Run(endpoint.HandleAsync);
        return pipeline.Build();
    }
}
