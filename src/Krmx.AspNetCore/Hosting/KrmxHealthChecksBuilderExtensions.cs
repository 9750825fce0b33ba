using Krmx.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Krmx to an application's health checks.</summary>
public static class KrmxHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that fails while a listener blocks a room for more than 5 seconds, and is degraded while the store fails.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it reports while a listener blocks. Default: unhealthy.</param>
    public static IHealthChecksBuilder AddKrmx(this IHealthChecksBuilder builder, string name = "krmx", HealthStatus? failureStatus = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<KrmxHealthCheck>(name, failureStatus);
    }
}
