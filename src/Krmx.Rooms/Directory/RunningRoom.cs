using Microsoft.Extensions.DependencyInjection;

namespace Krmx.Rooms;

/// <summary>A room that has been made, and what was made with it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Gateway">What has its connections.</param>
/// <param name="Scope">Its services.</param>
internal sealed record RunningRoom(KrmxRoom Room, IRoomGateway Gateway, AsyncServiceScope Scope);
