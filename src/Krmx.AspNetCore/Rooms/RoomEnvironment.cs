using Krmx.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Krmx.Rooms;

/// <summary>What every room needs of its process.</summary>
/// <param name="Logger">Where rooms log.</param>
/// <param name="Metrics">What they count in.</param>
/// <param name="Time">Their clock.</param>
internal sealed record RoomEnvironment(ILogger Logger, KrmxMetrics Metrics, TimeProvider Time);
