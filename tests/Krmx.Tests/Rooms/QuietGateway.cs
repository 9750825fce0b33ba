using Krmx.Rooms;

namespace Krmx.Tests.Rooms;

/// <summary>A room's connections, where there are none.</summary>
internal sealed class QuietGateway : IRoomGateway
{
    public void Deliver(ReadOnlySpan<RoomEffect> effects)
    {
    }
}
