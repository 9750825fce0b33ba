using Krmx;
using Krmx.Diagnostics;
using Krmx.Hosting;
using Krmx.Rooms;
using Krmx.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Krmx to an application.</summary>
public static class KrmxServiceCollectionExtensions
{
    /// <summary>Adds what <c>MapKrmx</c> needs.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options for every endpoint; an endpoint may change its own.</param>
    /// <returns>Adds to Krmx what other packages bring.</returns>
    public static IKrmxBuilder AddKrmx(this IServiceCollection services, Action<KrmxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.AddLogging();
        services.AddMetrics();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton<RoomMetrics>();
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton(CreateRooms);
        services.TryAddSingleton<EndpointEnvironment>();
        services.TryAddSingleton(static _ => new KrmxRooms());
        services.TryAddSingleton<KrmxEndpoints>();
        services.TryAddSingleton<StoreWriter>();
        services.TryAddScoped<RoomHandlers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KrmxEndpoints>(static provider => provider.GetRequiredService<KrmxEndpoints>()));
        return new Builder(services);
    }

    private static RoomEnvironment CreateRooms(IServiceProvider services)
    {
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = new SafeLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger("Krmx"));
        return new RoomEnvironment(
            new BoundedLogger(logger, time),
            services.GetRequiredService<RoomMetrics>(),
            time,
            static turn => ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false));
    }

    private sealed record Builder(IServiceCollection Services) : IKrmxBuilder;
}
