using Krmx;
using Krmx.Diagnostics;
using Krmx.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Krmx to an application.</summary>
public static class KrmxServiceCollectionExtensions
{
    /// <summary>Adds what <c>MapKrmx</c> needs.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options for every endpoint; an endpoint may change its own.</param>
    public static IServiceCollection AddKrmx(this IServiceCollection services, Action<KrmxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.AddLogging();
        services.AddMetrics();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton<KrmxMetrics>();
        services.TryAddSingleton<KrmxRegistry>();
        services.TryAddScoped<RoomHandlers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KrmxRegistry>(p => p.GetRequiredService<KrmxRegistry>()));
        return services;
    }
}
