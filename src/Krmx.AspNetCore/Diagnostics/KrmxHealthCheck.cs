using Krmx.Rooms;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Krmx.Diagnostics;

/// <summary>Unhealthy while a room's turn does not end: a listener blocks, and everybody in that room waits.</summary>
internal sealed class KrmxHealthCheck(KrmxRooms all, RoomEnvironment environment) : IHealthCheck
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(5);

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
        return Task.FromResult(stuck is null
            ? HealthCheckResult.Healthy($"{rooms} rooms.", data)
            : new HealthCheckResult(
                context.Registration.FailureStatus,
                $"A turn of room {new PeerText(stuck)} has been running for more than {LongestTurn.TotalSeconds} seconds: a listener blocks.",
                data: data));
    }
}
