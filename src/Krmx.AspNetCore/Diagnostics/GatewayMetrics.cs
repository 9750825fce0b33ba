using System.Diagnostics.Metrics;

namespace Krmx.Diagnostics;

/// <summary>What endpoints and connections count in the meter "Krmx".</summary>
internal sealed class GatewayMetrics
{
    private readonly UpDownCounter<int> _connections;
    private readonly Counter<long> _framesReceived;
    private readonly Counter<long> _bytesReceived;
    private readonly Counter<long> _framesSent;
    private readonly Counter<long> _bytesSent;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _refusals;

    public GatewayMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(RoomMetrics.MeterName);
        _connections = meter.CreateUpDownCounter<int>("krmx.connections", "{connection}", "Open connections.");
        _framesReceived = meter.CreateCounter<long>("krmx.frames.received", "{frame}", "Frames received.");
        _bytesReceived = meter.CreateCounter<long>("krmx.bytes.received", "By", "Bytes of text received.");
        _framesSent = meter.CreateCounter<long>("krmx.frames.sent", "{frame}", "Frames sent, each connection's counted.");
        _bytesSent = meter.CreateCounter<long>("krmx.bytes.sent", "By", "Bytes of frames sent, each connection's counted.");
        _evictions = meter.CreateCounter<long>("krmx.evictions", "{connection}", "Connections the server ended, by reason.");
        _refusals = meter.CreateCounter<long>("krmx.refusals", "{connection}", "Connections refused before any room knew of them, by reason.");
    }

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed(UnlinkReason reason)
    {
        _connections.Add(-1);
        if (reason != UnlinkReason.ConnectionClosed)
            _evictions.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    public void FrameReceived(int bytes)
    {
        _framesReceived.Add(1);
        _bytesReceived.Add(bytes);
    }

    public void FramesSent(int count, long bytes)
    {
        _framesSent.Add(count);
        _bytesSent.Add(bytes);
    }

    public void Refused(RefusalReason reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
}
