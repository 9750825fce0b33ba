using Krmx.Rooms;
using Krmx.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Krmx.Diagnostics;

/// <summary>Unhealthy while a room's turn does not end: a listener blocks, and everybody in that room waits. Degraded while the store fails.</summary>
internal sealed class KrmxHealthCheck(KrmxRooms all, RoomEnvironment environment, IServiceProvider services) : IHealthCheck
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(5);

    // Only an application that has a store can have what writes to it.
    private readonly StoreWriter? _writer = services.GetService<IRoomStore>() is null ? null : services.GetRequiredService<StoreWriter>();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        int rooms = 0;
        string? stuck = null;
        foreach (KrmxRoom room in all.All)
        {
            rooms++;
            long began = room.TurnBegan;
            if (began != 0 && environment.Time.GetElapsedTime(began) > LongestTurn)
                stuck ??= room.Label;
        }
        var data = new Dictionary<string, object> { ["rooms"] = rooms };
        if (stuck is not null)
        {
            return Task.FromResult(new HealthCheckResult(
                context.Registration.FailureStatus,
                $"A turn of room {new PeerText(stuck)} has been running for more than {LongestTurn.TotalSeconds} seconds: a listener blocks.",
                data: data));
        }
        if (_writer?.Failing is not FailingStore failing)
            return Task.FromResult(HealthCheckResult.Healthy($"{rooms} rooms.", data));
        TimeSpan time = environment.Time.GetElapsedTime(failing.Since);
        data["storeFailingSince"] = environment.Time.GetUtcNow() - time;

        // Not unhealthy: a restart would not mend the store.
        return Task.FromResult(HealthCheckResult.Degraded(
            $"The store has failed for {time.TotalSeconds:F0} seconds, and clients wait: {failing.Error.Message}", failing.Error, data));
    }
}
