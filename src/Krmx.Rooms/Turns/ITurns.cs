using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What a turn loop calls, always in a turn.</summary>
internal interface ITurns
{
    /// <summary>Whether so much output waits for the turn's end that it should end now.</summary>
    bool IsOutputDue { get; }

    /// <summary>Whether the room handles nothing more until it is kicked.</summary>
    bool IsWaiting { get; }

    /// <summary>A turn begins.</summary>
    void Begin();

    /// <summary>A frame is to be handled.</summary>
    void Receive(IFrameSource source, in InboundFrame frame);

    /// <summary>Something in the turn threw; the turn goes on.</summary>
    void Failed(Exception error);

    /// <summary>A turn ends: what it did leaves.</summary>
    void End();
}
