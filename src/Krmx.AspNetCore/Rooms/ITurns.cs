using Krmx.Connections;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What a turn loop calls, always in a turn.</summary>
internal interface ITurns
{
    /// <summary>A turn begins.</summary>
    void Begin();

    /// <summary>A frame is to be handled.</summary>
    void Receive(GatewayConnection connection, in InboundFrame frame);

    /// <summary>Something in the turn threw; the turn goes on.</summary>
    void Failed(Exception error);

    /// <summary>A turn ends: what it sent goes out.</summary>
    void End();
}
