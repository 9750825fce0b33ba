using Krmx.Diagnostics;
using Krmx.Rooms;

namespace Krmx.Hosting;

/// <summary>What all endpoints of a process share.</summary>
internal sealed class EndpointEnvironment(RoomEnvironment rooms, GatewayMetrics metrics)
{
    /// <summary>What their rooms share: logs and clock among it.</summary>
    public RoomEnvironment Rooms => rooms;

    /// <summary>What they count in.</summary>
    public GatewayMetrics Metrics => metrics;
}
